import { Injectable } from '@nestjs/common';
import { databaseInStep } from '../../execution/database-in-step.js';
import { MemoryRecall } from '../../memory/recall/memory-recall.service.js';
import { recalledText } from '../../memory/recall/recalled-item.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { FlowNode } from '../graph/flow-graph.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import { NodeExecutor } from '../program/node-executor.decorator.js';
import type { FlowScope, NodeExecutor as Executor, NodeWork, ResolvedData } from '../program/node-executor.js';
import { toStepFailure } from './step-failures.js';
import { TEXT_IN, TEXT_OUT, TEXT_OUTPUT } from './text-component.js';
import { numberField, textField } from './text-field.js';

const MAX_RESULTS = 20;
const DEFAULT_RESULTS = 5;

const COMPONENT: ComponentDefinition = {
  type: 'memoryRecall',
  name: 'Memory',
  description: 'Recalls what the project remembers, or you yourself. The text that arrives is the question.',
  category: 'data_source',
  icon: 'brain',
  color: 'purple',
  providerType: 'none',
  usesLlm: false,
  version: 1,
  fields: [
    { key: 'query', label: 'Question', kind: 'textarea', required: false, placeholder: 'The text that arrives' },
    { key: 'limit', label: 'Items', kind: 'number', required: false, placeholder: '5', least: 1 },
    // Of the memory when the run began. Set by the server.
    { key: 'memory_state', label: 'State', kind: 'text', required: false, placeholder: 'As it is' },
  ],
  ports: [TEXT_IN, TEXT_OUT],
  api: { executor: 'data_source', inputMapping: { query: 'field:query', limit: 'field:limit', text: 'port:text-in' } },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('memoryRecall')
export class MemoryRecallExecutor implements Executor {
  readonly component = COMPONENT;

  constructor(private readonly memory: MemoryRecall) {}

  /** Of another memory it is another node, whose output of an earlier run is not taken over. */
  async resolve(nodes: readonly FlowNode[], { ownerId, projectId }: FlowScope): Promise<readonly ResolvedData[]> {
    const state = await this.memory.stateOf({ ownerId, projectId });
    return nodes.map(() => ({ data: { memory_state: state } }));
  }

  /** @throws {StepFailure} */
  async execute({ data, inputs, ownerId, projectId }: NodeWork): Promise<NodeOutput> {
    const template = textField(data, 'query');
    const question = template === '' ? inputs.text : template.replaceAll('{{text}}', () => inputs.text);
    const limit = Math.min(MAX_RESULTS, Math.max(1, Math.floor(numberField(data, 'limit') ?? DEFAULT_RESULTS)));
    const recall = () => this.memory.recall({ ownerId, projectId }, question, limit);
    const items = await databaseInStep(recall).catch((error: unknown) => {
      throw toStepFailure(error);
    });
    return { text: items.map(recalledText).join('\n') };
  }
}
