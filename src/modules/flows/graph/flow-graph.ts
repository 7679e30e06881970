import type { InputFault } from '../../../common/errors/domain.error.js';

/** A node as it is stored. What a canvas adds of its own (`width`, `parent_id`, …) is kept beside these. */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface FlowEdge {
  readonly source: string;
  readonly target: string;
  readonly source_handle?: string;
  readonly target_handle?: string;
}

export interface FlowGraph {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
}

/** What is wrong with a graph: where, and with which node. */
export interface GraphFault extends InputFault {
  readonly node_id?: string;
  readonly field?: string;
}

/** Values by node and field that a run lays over the nodes' own data. */
export type FlowInputs = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Values by node that what the node refers to (a character, a flow) puts over its data. */
export type ResolvedNodes = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

const NONE: ResolvedNodes = new Map();

export const MAX_NODES = 5_000;
export const MAX_EDGES = 20_000;
/** Of a node on its canvas. */
export const MAX_COORDINATE = 1_000_000_000;
/** Frames on the canvas: never executed. */
export const GROUP_TYPE = 'group';

/** An adapter edge brings a persona, any other a text. */
export function isAdapterEdge(edge: FlowEdge): boolean {
  return edge.target_handle?.startsWith('adapter-') ?? false;
}

/** The nodes that run, as they run: with inputs, and with what they refer to, over their own data. */
export function runnablePart(graph: FlowGraph, inputs: FlowInputs, resolved: ResolvedNodes): FlowGraph {
  const { nodes, edges } = executablePart(graph);
  return { nodes: nodes.map((node) => ({ ...node, data: laidOver(node, inputs, resolved) })), edges };
}

/** The data of a node in a run. */
export function laidOver({ id, data }: FlowNode, inputs: FlowInputs, resolved: ResolvedNodes = NONE): FlowNode['data'] {
  const given = Object.hasOwn(inputs, id) ? inputs[id] : undefined;
  const found = resolved.get(id);
  return given || found ? { ...data, ...given, ...found } : data;
}

/** The nodes that run, and the edges between them. */
function executablePart(graph: FlowGraph): FlowGraph {
  const groups = new Set(graph.nodes.filter(({ type }) => type === GROUP_TYPE).map(({ id }) => id));
  if (groups.size === 0) return graph;
  return {
    nodes: graph.nodes.filter(({ id }) => !groups.has(id)),
    edges: graph.edges.filter(({ source, target }) => !groups.has(source) && !groups.has(target)),
  };
}
