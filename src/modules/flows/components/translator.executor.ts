import { Injectable } from '@nestjs/common';
import type { StepContext } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { LANGUAGES } from './languages.js';
import { NodeModelService } from './node-model.service.js';
import { translatorPrompt } from './prompts/translator.prompt.js';
import {
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
  type: 'translator',
  name: 'Translator',
  description: 'Translates a text; passes it through when no language is chosen.',
  category: 'processing',
  icon: 'languages',
  color: 'green',
  version: 1,
  fields: [{ key: 'language', label: 'Language', kind: 'select', required: false, options: LANGUAGES }],
  ports: [TEXT_IN, TEXT_OUT],
  api: {
    executor: 'api_call',
    temperature: DEFAULT_TEMPERATURE,
    maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
    inputMapping: { text: 'port:text-in', language: 'field:language' },
  },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('translator')
export class TranslatorExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(private readonly model: NodeModelService) {}

  async execute(work: NodeWork, step: StepContext): Promise<NodeOutput> {
    const { text } = work.inputs;
    const language = LANGUAGES.find(({ value }) => value === textField(work.data, 'language'));
    if (!language || text === '') return { text };
    return this.model.write(translatorPrompt(text, language.label), this.component, work, step);
  }
}
