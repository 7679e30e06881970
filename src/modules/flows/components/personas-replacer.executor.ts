import { Injectable } from '@nestjs/common';
import type { StepContext } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { findImageFault } from '../../artifacts/image-references.js';
import { NodeImageService } from './node-image.service.js';
import { NodeModelService } from './node-model.service.js';
import { personasReplacerPrompt } from './prompts/personas-replacer.prompt.js';
import {
  ADAPTER_IN,
  DEFAULT_OUTPUT_TOKENS,
  DEFAULT_TEMPERATURE,
  TEXT_IN,
  TEXT_OUT,
  TEXT_OUTPUT,
  VISION_MODEL,
} from './text-component.js';
import { textField } from './text-field.js';

const COMPONENT: ComponentDefinition = {
  ...VISION_MODEL,
  type: 'personasReplacer',
  name: 'Personas replacer',
  description: 'Swaps the people in a description of an image, or in the image itself, for the characters wired to it.',
  category: 'processing',
  icon: 'users',
  color: 'pink',
  version: 1,
  fields: [{ key: 'image', label: 'Image', kind: 'image', required: false, check: findImageFault }],
  ports: [TEXT_IN, ADAPTER_IN, TEXT_OUT],
  api: {
    executor: 'api_call',
    temperature: DEFAULT_TEMPERATURE,
    maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
    inputMapping: { text: 'port:text-in', personas: 'port:adapter-in', image: 'field:image' },
  },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('personasReplacer')
export class PersonasReplacerExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(
    private readonly model: NodeModelService,
    private readonly images: NodeImageService,
  ) {}

  /** The image is looked at only where nobody has described it. Without characters there is nobody to swap in. */
  async execute(work: NodeWork, step: StepContext): Promise<NodeOutput> {
    const { text, personas } = work.inputs;
    const reference = textField(work.data, 'image');
    if (personas.length === 0 || (text === '' && reference === '')) return { text };
    const image = text === '' ? await this.images.load(work.ownerId, reference, step.signal) : undefined;
    return this.model.write(personasReplacerPrompt(text, personas), this.component, work, step, image);
  }
}
