import { Injectable } from '@nestjs/common';
import type { StepContext } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { NodeModelService } from './node-model.service.js';
import { storyTellerPrompt } from './prompts/story-teller.prompt.js';
import { ADAPTER_IN, DEFAULT_OUTPUT_TOKENS, TEXT_IN, TEXT_MODEL, TEXT_OUT, TEXT_OUTPUT } from './text-component.js';
import { tagsField, textField } from './text-field.js';

const COMPONENT: ComponentDefinition = {
  ...TEXT_MODEL,
  type: 'storyTeller',
  name: 'Story teller',
  description: 'Tells a bold short story from an idea and what arrives.',
  category: 'processing',
  icon: 'book-open',
  color: 'red',
  defaultModel: 'labs-mistral-small-creative',
  version: 1,
  fields: [
    { key: 'idea', label: 'Idea', kind: 'textarea', required: false, placeholder: 'What is the story about?' },
    { key: 'tags', label: 'Tags', kind: 'tags', required: false, placeholder: 'noir, sea, hopeful' },
  ],
  ports: [TEXT_IN, ADAPTER_IN, TEXT_OUT],
  api: {
    executor: 'api_call',
    temperature: 0.95,
    maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
    inputMapping: { material: 'port:text-in', idea: 'field:idea', tags: 'field:tags', personas: 'port:adapter-in' },
  },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('storyTeller')
export class StoryTellerExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(private readonly model: NodeModelService) {}

  /** With nothing to tell of there is nothing to ask a model for. */
  async execute(work: NodeWork, step: StepContext): Promise<NodeOutput> {
    const { text, personas } = work.inputs;
    const idea = textField(work.data, 'idea');
    const tags = tagsField(work.data, 'tags');
    if (text === '' && idea === '' && tags.length === 0 && personas.length === 0) return { text: '' };
    return this.model.write(storyTellerPrompt({ text, idea, tags, personas }), this.component, work, step);
  }
}
