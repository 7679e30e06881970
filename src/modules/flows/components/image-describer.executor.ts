import { Injectable } from '@nestjs/common';
import type { StepContext } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { findImageFault } from '../../artifacts/image-references.js';
import { NodeImageService } from './node-image.service.js';
import { NodeModelService } from './node-model.service.js';
import { imageDescriberPrompt } from './prompts/image-describer.prompt.js';
import { DEFAULT_OUTPUT_TOKENS, DEFAULT_TEMPERATURE, TEXT_OUT, TEXT_OUTPUT, VISION_MODEL } from './text-component.js';
import { textField } from './text-field.js';

const COMPONENT: ComponentDefinition = {
  ...VISION_MODEL,
  type: 'imageDescriber',
  name: 'Image describer',
  description: 'Describes an image so that it could be recreated.',
  category: 'input',
  icon: 'scan-eye',
  color: 'blue',
  version: 1,
  fields: [{ key: 'image', label: 'Image', kind: 'image', required: true, check: findImageFault }],
  ports: [TEXT_OUT],
  api: {
    executor: 'api_call',
    temperature: DEFAULT_TEMPERATURE,
    maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
    inputMapping: { image: 'field:image' },
  },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('imageDescriber')
export class ImageDescriberExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(
    private readonly model: NodeModelService,
    private readonly images: NodeImageService,
  ) {}

  async execute(work: NodeWork, step: StepContext): Promise<NodeOutput> {
    const image = await this.images.load(work.ownerId, textField(work.data, 'image'), step.signal);
    return this.model.write(imageDescriberPrompt(), this.component, work, step, image);
  }
}
