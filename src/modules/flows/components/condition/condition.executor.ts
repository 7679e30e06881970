import { Injectable } from '@nestjs/common';
import { StepFailure } from '../../../../engine/index.js';
import type { ComponentDefinition } from '../../catalogue/component-definition.js';
import type { NodeOutput } from '../../graph/node-inputs.js';
import { NodeExecutor } from '../../program/node-executor.decorator.js';
import type { NodeExecutor as Executor, NodeWork } from '../../program/node-executor.js';
import { ADAPTER_IN, TEXT_IN, TEXT_OUTPUT } from '../text-component.js';
import { textField } from '../text-field.js';
import { evaluateCondition, findExpressionFault } from './condition-expression.js';

const COMPONENT: ComponentDefinition = {
  type: 'condition',
  name: 'Condition',
  description: 'Passes the text on by the way `text-true` or `text-false`, as an expression in CEL says.',
  category: 'utility',
  icon: 'split',
  color: 'amber',
  providerType: 'none',
  usesLlm: false,
  version: 1,
  fields: [
    {
      key: 'expression',
      label: 'Expression',
      kind: 'textarea',
      required: true,
      placeholder: 'size(text) > 100 && text.contains("sea")',
      check: findExpressionFault,
    },
  ],
  ports: [
    TEXT_IN,
    ADAPTER_IN,
    { key: 'text-true', label: 'True', direction: 'out', kind: 'text' },
    { key: 'text-false', label: 'False', direction: 'out', kind: 'text' },
  ],
  branches: true,
  api: { executor: 'pass_through', inputMapping: { text: 'port:text-in', expression: 'field:expression' } },
  outputs: [TEXT_OUTPUT],
};

@Injectable()
@NodeExecutor('condition')
export class ConditionExecutor implements Executor {
  readonly component = COMPONENT;

  async execute({ data, inputs }: NodeWork): Promise<NodeOutput> {
    const personas = inputs.personas.map(({ name = '', description }) => ({ name, description }));
    const isTrue = evaluate(textField(data, 'expression'), { text: inputs.text, personas });
    return { text: inputs.text, branch: isTrue ? 'text-true' : 'text-false' };
  }
}

function evaluate(...args: Parameters<typeof evaluateCondition>): boolean {
  try {
    return evaluateCondition(...args);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StepFailure({ code: 'EXPRESSION_FAILED', message }, { cause });
  }
}
