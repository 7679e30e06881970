import { Injectable } from '@nestjs/common';
import type { StepContext } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { NodeModelService } from './node-model.service.js';
import { grammarFixPrompt } from './prompts/grammar-fix.prompt.js';
import {
  DEFAULT_OUTPUT_TOKENS,
  DEFAULT_TEMPERATURE,
  TEXT_IN,
  TEXT_MODEL,
  TEXT_OUT,
  TEXT_OUTPUT,
} from './text-component.js';
import { textField } from './text-field.js';

const STYLES = [
  { value: '', label: 'Keep the tone' },
  { value: 'formal', label: 'Formal' },
  { value: 'casual', label: 'Casual' },
  { value: 'creative', label: 'Creative' },
];

const COMPONENT: ComponentDefinition = {
  ...TEXT_MODEL,
  type: 'grammarFix',
  name: 'Grammar fix',
  description: 'Corrects a text and, when a style is chosen, shifts its tone.',
  category: 'processing',
  icon: 'spell-check',
  color: 'green',
  version: 1,
  fields: [{ key: 'style', label: 'Style', kind: 'select', required: false, options: STYLES }],
  ports: [TEXT_IN, TEXT_OUT],
  api: {
    executor: 'api_call',
    temperature: DEFAULT_TEMPERATURE,
    maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
    inputMapping: { text: 'port:text-in', style: 'field:style' },
  },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('grammarFix')
export class GrammarFixExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(private readonly model: NodeModelService) {}

  async execute(work: NodeWork, step: StepContext): Promise<NodeOutput> {
    const { text } = work.inputs;
    if (text === '') return { text };
    return this.model.write(grammarFixPrompt(text, textField(work.data, 'style')), this.component, work, step);
  }
}
