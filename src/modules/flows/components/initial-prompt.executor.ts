import { Injectable } from '@nestjs/common';
import type { StepContext } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { NodeModelService } from './node-model.service.js';
import { initialPromptPrompt } from './prompts/initial-prompt.prompt.js';
import {
  ADAPTER_IN,
  DEFAULT_OUTPUT_TOKENS,
  DEFAULT_TEMPERATURE,
  TEXT_MODEL,
  TEXT_OUT,
  TEXT_OUTPUT,
} from './text-component.js';
import { textField } from './text-field.js';

const COMPONENT: ComponentDefinition = {
  ...TEXT_MODEL,
  type: 'initialPrompt',
  name: 'Initial prompt',
  description: 'The text that a flow begins with. With characters wired to it, a model writes them into the text.',
  category: 'input',
  icon: 'pencil',
  color: 'blue',
  version: 1,
  fields: [{ key: 'text', label: 'Text', kind: 'textarea', required: false, placeholder: 'What is it about?' }],
  ports: [{ ...ADAPTER_IN, maxConnections: 5 }, TEXT_OUT],
  api: {
    executor: 'composite',
    temperature: DEFAULT_TEMPERATURE,
    maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
    inputMapping: { text: 'field:text', personas: 'port:adapter-in' },
  },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('initialPrompt')
export class InitialPromptExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(private readonly model: NodeModelService) {}

  /** Gives the text or its version with the characters, never both. */
  async execute(work: NodeWork, step: StepContext): Promise<NodeOutput> {
    const text = textField(work.data, 'text');
    const { personas } = work.inputs;
    if (text === '' || personas.length === 0) return { text };
    return this.model.write(initialPromptPrompt(text, personas), this.component, work, step);
  }
}
