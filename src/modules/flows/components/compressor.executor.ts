import { Injectable } from '@nestjs/common';
import type { StepContext } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { NodeModelService } from './node-model.service.js';
import { compressorPrompt } from './prompts/compressor.prompt.js';
import {
  DEFAULT_OUTPUT_TOKENS,
  DEFAULT_TEMPERATURE,
  TEXT_IN,
  TEXT_MODEL,
  TEXT_OUT,
  TEXT_OUTPUT,
} from './text-component.js';

/** A text of this many characters is short enough. */
export const SHORT_ENOUGH = 2_500;

const COMPONENT: ComponentDefinition = {
  ...TEXT_MODEL,
  type: 'compressor',
  name: 'Compressor',
  description: `Shortens a text keeping all information; passes it through at ${SHORT_ENOUGH} characters or fewer.`,
  category: 'processing',
  icon: 'shrink',
  color: 'cyan',
  version: 1,
  fields: [],
  ports: [TEXT_IN, TEXT_OUT],
  api: {
    executor: 'api_call',
    temperature: DEFAULT_TEMPERATURE,
    maxOutputTokens: DEFAULT_OUTPUT_TOKENS,
    inputMapping: { text: 'port:text-in' },
  },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('compressor')
export class CompressorExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(private readonly model: NodeModelService) {}

  async execute(work: NodeWork, step: StepContext): Promise<NodeOutput> {
    const { text } = work.inputs;
    if (text.length <= SHORT_ENOUGH) return { text };
    return this.model.write(compressorPrompt(text, SHORT_ENOUGH), this.component, work, step);
  }
}
