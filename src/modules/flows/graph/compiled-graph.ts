import { type FlowEdge, type FlowGraph, type FlowNode, isAdapterEdge } from './flow-graph.js';

/** A valid graph by index, ready to be walked. Nodes keep the order in which they came. */
export interface CompiledGraph {
  readonly nodes: readonly FlowNode[];
  /** Of each node: the nodes that its text and its personas come from, each once, in edge order. */
  readonly textSources: ReadonlyArray<readonly number[]>;
  readonly adapterSources: ReadonlyArray<readonly number[]>;
  /** Of each node: the nodes that wait for it, each once. */
  readonly successors: ReadonlyArray<readonly number[]>;
  /** Of each node: how many nodes it waits for. */
  readonly waitsFor: readonly number[];
  /** Of each node: the length of the longest way to it, 0 for a node without upstream. */
  readonly levels: readonly number[];
}

/** Needs nodes + edges time. Only for graphs that `validateGraph` finds nothing wrong with. */
export function compileGraph({ nodes, edges }: FlowGraph): CompiledGraph {
  const indexOf = new Map(nodes.map((node, index) => [node.id, index]));
  const sources = sourcesByTarget(nodes.length, edges, indexOf);
  const successors = invert(sources);
  const waitsFor = sources.map((of) => of.both.size);
  return {
    nodes,
    textSources: sources.map((of) => [...of.text]),
    adapterSources: sources.map((of) => [...of.adapter]),
    successors,
    waitsFor,
    levels: levelsOf(successors, waitsFor),
  };
}

interface Sources {
  readonly text: Set<number>;
  readonly adapter: Set<number>;
  readonly both: Set<number>;
}

/** Sets, because two edges between the same nodes bring a text once. */
function sourcesByTarget(count: number, edges: readonly FlowEdge[], indexOf: ReadonlyMap<string, number>): Sources[] {
  const sources = Array.from({ length: count }, (): Sources => ({
    text: new Set(),
    adapter: new Set(),
    both: new Set(),
  }));
  for (const edge of edges) {
    const source = indexOf.get(edge.source);
    const into = sources[indexOf.get(edge.target) ?? -1];
    if (source === undefined || !into) continue;
    into[isAdapterEdge(edge) ? 'adapter' : 'text'].add(source);
    into.both.add(source);
  }
  return sources;
}

function invert(sources: readonly Sources[]): number[][] {
  const successors = sources.map((): number[] => []);
  sources.forEach(({ both }, target) => both.forEach((source) => successors[source]?.push(target)));
  return successors;
}

function levelsOf(successors: ReadonlyArray<readonly number[]>, waitsFor: readonly number[]): number[] {
  const levels = waitsFor.map(() => 0);
  const open = [...waitsFor];
  const next = open.flatMap((waiting, node) => (waiting === 0 ? [node] : []));
  for (const node of next) {
    for (const target of successors[node] ?? []) {
      levels[target] = Math.max(levels[target] ?? 0, (levels[node] ?? 0) + 1);
      open[target] = (open[target] ?? 0) - 1;
      if (open[target] === 0) next.push(target);
    }
  }
  return levels;
}
