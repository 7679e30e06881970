import { escapeToken } from '../../../common/http/text-faults.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import { findCycles } from './cycles.js';
import { findFieldFaults, type LaidOver } from './field-faults.js';
import { type FlowEdge, type FlowInputs, type FlowNode, type GraphFault, GROUP_TYPE } from './flow-graph.js';
import type { ParsedGraph } from './parse-graph.js';

export type FindComponent = (type: string) => ComponentDefinition | undefined;

/**
 * Lists every fault of a graph: those of its spelling, duplicate ids, unknown types, edges to nowhere, fields that
 * are missing or wrong once the inputs are laid over them, and cycles. Pure.
 */
export function validateGraph(parsed: ParsedGraph, over: LaidOver, findComponent: FindComponent): GraphFault[] {
  const indexOf = firstIndexes(parsed.nodes);
  return [
    ...parsed.faults,
    ...emptyFault(parsed),
    ...parsed.nodes.flatMap((node, index) => (node ? nodeFaults(node, index, indexOf, over, findComponent) : [])),
    ...parsed.edges.flatMap((edge, index) => (edge ? edgeFaults(edge, index, indexOf) : [])),
    ...crowdedPorts(parsed, indexOf, findComponent),
    ...cycleFaults(parsed, indexOf),
    ...inputFaults(over.inputs, indexOf),
  ];
}

function firstIndexes(nodes: ParsedGraph['nodes']): ReadonlyMap<string, number> {
  const indexOf = new Map<string, number>();
  nodes.forEach((node, index) => node && !indexOf.has(node.id) && indexOf.set(node.id, index));
  return indexOf;
}

function emptyFault({ nodes, faults }: ParsedGraph): GraphFault[] {
  if (faults.length > 0 || nodes.some((node) => node && node.type !== GROUP_TYPE)) return [];
  return [{ path: '/nodes', code: 'FLOW_EMPTY', message: 'must hold at least one node that can run' }];
}

function nodeFaults(
  node: FlowNode,
  index: number,
  indexOf: ReadonlyMap<string, number>,
  over: LaidOver,
  findComponent: FindComponent,
): GraphFault[] {
  const path = `/nodes/${index}`;
  const at = { node_id: node.id };
  const twin = indexOf.get(node.id);
  const faults: GraphFault[] = [];
  if (twin !== index) {
    faults.push({ path: `${path}/id`, code: 'NODE_ID_DUPLICATE', message: `is the id of /nodes/${twin} too`, ...at });
  }
  if (node.type === GROUP_TYPE) return faults;
  const component = findComponent(node.type);
  if (!component) {
    const message = `there is no component of type ${node.type} (node ${node.id})`;
    return [...faults, { path: `${path}/type`, code: 'NODE_TYPE_UNKNOWN', message, ...at }];
  }
  return [...faults, ...findFieldFaults(node, path, component, over)];
}

function edgeFaults(edge: FlowEdge, index: number, indexOf: ReadonlyMap<string, number>): GraphFault[] {
  return (['source', 'target'] as const)
    .filter((end) => !indexOf.has(edge[end]))
    .map((end) => ({
      path: `/edges/${index}/${end}`,
      code: `EDGE_${end.toUpperCase()}_UNKNOWN`,
      message: `there is no node ${edge[end]}`,
      node_id: edge[end],
    }));
}

/** A dynamic port takes so many edges and no more; each beyond them is a fault. */
function crowdedPorts(
  { nodes, edges }: ParsedGraph,
  indexOf: ReadonlyMap<string, number>,
  findComponent: FindComponent,
): GraphFault[] {
  const counts = new Map<string, number>();
  return edges.flatMap((edge, index) => {
    const target = edge && nodes[indexOf.get(edge.target) ?? -1];
    const ports = target ? (findComponent(target.type)?.ports ?? []) : [];
    const port = ports.find(({ key, maxConnections }) => maxConnections && edge?.target_handle?.startsWith(key));
    if (!target || !port?.maxConnections) return [];
    const key = `${target.id} ${port.key}`;
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count <= port.maxConnections) return [];
    const message = `${port.key} of ${target.id} takes at most ${port.maxConnections} edges`;
    return [{ path: `/edges/${index}/target`, code: 'PORT_CROWDED', message, node_id: target.id }];
  });
}

function cycleFaults({ nodes, edges }: ParsedGraph, indexOf: ReadonlyMap<string, number>): GraphFault[] {
  const pairs = edges.flatMap((edge): Array<readonly [number, number]> => {
    const [from, to] = edge ? [indexOf.get(edge.source), indexOf.get(edge.target)] : [];
    if (from === undefined || to === undefined || isGroup(nodes[from]) || isGroup(nodes[to])) return [];
    return [[from, to]];
  });
  return findCycles(nodes.length, pairs).map((cycle) => {
    const ids = cycle.map((index) => nodes[index]?.id ?? '');
    const message = `these nodes wait for each other: ${[...ids, ids[0]].join(' -> ')}`;
    return { path: `/nodes/${cycle[0]}`, code: 'GRAPH_CYCLE', message, node_id: ids[0] ?? '' };
  });
}

/** Its edges lead nowhere when the flow runs. */
function isGroup(node: FlowNode | undefined): boolean {
  return node?.type === GROUP_TYPE;
}

function inputFaults(inputs: FlowInputs, indexOf: ReadonlyMap<string, number>): GraphFault[] {
  const unknown = Object.keys(inputs).filter((id) => !indexOf.has(id));
  return unknown.map((id) => ({
    path: `/inputs/${escapeToken(id)}`,
    code: 'INPUT_NODE_UNKNOWN',
    message: `there is no node ${id}`,
    node_id: id,
  }));
}
