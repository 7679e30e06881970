import { Injectable } from '@nestjs/common';
import type { StepContext } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { NodeModelService } from './node-model.service.js';
import { promptEnhancerPrompt } from './prompts/prompt-enhancer.prompt.js';
import {
  ADAPTER_IN,
  DEFAULT_OUTPUT_TOKENS,
  DEFAULT_TEMPERATURE,
  TEXT_IN,
  TEXT_MODEL,
  TEXT_OUT,
  TEXT_OUTPUT,
} from './text-component.js';
import { textField } from './text-field.js';

const COMPONENT: ComponentDefinition = {
  ...TEXT_MODEL,
  type: 'promptEnhancer',
  name: 'Prompt enhancer',
  description: 'Improves a prompt, following the notes when there are any.',
  category: 'processing',
  icon: 'sparkles',
  color: 'purple',
  version: 1,
  fields: [{ key: 'notes', label: 'Notes', kind: 'textarea', required: false, placeholder: 'What should change?' }],
  ports: [TEXT_IN, ADAPTER_IN, TEXT_OUT],
  api: {
    executor: 'api_call',
    temperature: DEFAULT_TEMPERATURE,
    maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
    inputMapping: { prompt: 'port:text-in', notes: 'field:notes', personas: 'port:adapter-in' },
  },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('promptEnhancer')
export class PromptEnhancerExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(private readonly model: NodeModelService) {}

  /** With nothing to work on there is nothing to ask a model for. */
  async execute(work: NodeWork, step: StepContext): Promise<NodeOutput> {
    const { text, personas } = work.inputs;
    const notes = textField(work.data, 'notes');
    if (text === '' && notes === '' && personas.length === 0) return { text: '' };
    return this.model.write(promptEnhancerPrompt({ text, notes, personas }), this.component, work, step);
  }
}
