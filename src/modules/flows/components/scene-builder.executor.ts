import { Injectable } from '@nestjs/common';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../program/node-executor.js';
import { SCENE_ASPECTS, sceneText } from './scene-phrases.js';
import { TEXT_OUT, TEXT_OUTPUT } from './text-component.js';
import { textField } from './text-field.js';

const COMPONENT: ComponentDefinition = {
  type: 'sceneBuilder',
  name: 'Scene builder',
  description: 'Composes the text of a scene from choices of style, light, time, weather, camera and mood.',
  category: 'data_source',
  icon: 'clapperboard',
  color: 'cyan',
  providerType: 'none',
  usesLlm: false,
  version: 1,
  fields: SCENE_ASPECTS.map(({ key, label, choices }) => ({
    key,
    label,
    kind: 'select',
    required: false,
    options: choices.map(([value, name]) => ({ value, label: name })),
  })),
  ports: [TEXT_OUT],
  api: {
    executor: 'data_source',
    inputMapping: Object.fromEntries(SCENE_ASPECTS.map(({ key }) => [key, `field:${key}`])),
  },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('sceneBuilder')
export class SceneBuilderExecutor implements Executor {
  readonly component = COMPONENT;

  async execute({ data }: NodeWork): Promise<NodeOutput> {
    return { text: sceneText((key) => textField(data, key)) };
  }
}
