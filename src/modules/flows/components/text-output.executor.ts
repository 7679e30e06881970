import { Injectable } from '@nestjs/common';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { TEXT_IN, TEXT_OUTPUT } from './text-component.js';

const COMPONENT: ComponentDefinition = {
  type: 'textOutput',
  name: 'Text output',
  description: 'Shows the text that arrives.',
  category: 'output',
  icon: 'file-text',
  color: 'amber',
  providerType: 'none',
  usesLlm: false,
  version: 1,
  fields: [],
  ports: [TEXT_IN],
  api: { executor: 'pass_through', inputMapping: { text: 'port:text-in' } },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('textOutput')
export class TextOutputExecutor implements Executor {
  readonly component = COMPONENT;

  async execute({ inputs }: NodeWork): Promise<NodeOutput> {
    return { text: inputs.text };
  }
}
