import { escapeToken } from '../../../common/http/text-faults.js';
import type { ComponentDefinition, ComponentField } from '../catalogue/component-definition.js';
import { type FlowInputs, type FlowNode, type GraphFault, laidOver, type ResolvedNodes } from './flow-graph.js';
import { findSettingFaults } from './node-settings.js';

/** What a run puts over the data of nodes. */
export interface LaidOver {
  readonly inputs: FlowInputs;
  readonly resolved: ResolvedNodes;
}

/** What is wrong with the data of one node, once all that the run puts over it is there. */
export function findFieldFaults(
  node: FlowNode,
  nodePath: string,
  component: ComponentDefinition,
  { inputs, resolved }: LaidOver,
): GraphFault[] {
  const data = laidOver(node, inputs, resolved);
  const pathOf = (key: string) => dataPath(node, nodePath, key, inputs);
  const ofFields = component.fields.flatMap((field) => {
    const fault = fieldFault(field, data[field.key]);
    return fault ? [{ path: pathOf(field.key), ...fault, node_id: node.id, field: field.key }] : [];
  });
  const ofSettings = findSettingFaults(data).map(({ path: [key = '', ...rest], message }) => ({
    path: [pathOf(key), ...rest].join('/'),
    code: 'SETTING_INVALID',
    message,
    node_id: node.id,
    field: key,
  }));
  return [...ofFields, ...ofSettings];
}

/** Where a value of a node was given: with the inputs of the run, or in its own data. */
export function dataPath({ id }: FlowNode, nodePath: string, key: string, inputs: FlowInputs): string {
  const isInput = Object.hasOwn(inputs, id) && Object.hasOwn(inputs[id] ?? {}, key);
  return isInput ? `/inputs/${escapeToken(id)}/${escapeToken(key)}` : `${nodePath}/data/${escapeToken(key)}`;
}

function fieldFault(field: ComponentField, value: unknown): Pick<GraphFault, 'code' | 'message'> | undefined {
  if (value === undefined || value === null || value === '') {
    return field.required ? { code: 'FIELD_REQUIRED', message: `${field.label} is required` } : undefined;
  }
  const reason = wrongValue(field, value);
  return reason === undefined ? undefined : { code: 'FIELD_INVALID', message: reason };
}

function wrongValue(field: ComponentField, value: unknown): string | undefined {
  switch (field.kind) {
    case 'number':
      return wrongNumber(field, value);
    case 'tags':
      return Array.isArray(value) && value.every((tag) => typeof tag === 'string')
        ? undefined
        : 'must be a list of strings';
    case 'select':
      return field.options?.some((option) => option.value === value) ? undefined : 'must be one of the options';
    case 'text':
    case 'textarea':
    case 'image':
      return typeof value === 'string' ? field.check?.(value) : 'must be a string';
  }
}

function wrongNumber({ least = -Infinity, most = Infinity }: ComponentField, value: unknown): string | undefined {
  if (typeof value !== 'number') return 'must be a number';
  return value >= least && value <= most ? undefined : `must be a number from ${least} to ${most}`;
}
