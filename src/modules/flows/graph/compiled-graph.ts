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
  /** Of each node: the handles by which its edges leave, by target; `''` for an edge without one. */
  readonly handles: ReadonlyArray<ReadonlyMap<number, ReadonlySet<string>> | undefined>;
}

/**
 * Needs nodes + edges time. Only for graphs that `validateGraph` finds nothing wrong with.
 *
 * @param given nodes whose outputs are there already: they wait for nobody
 */
export function compileGraph({ nodes, edges }: FlowGraph, given: { has(id: string): boolean } = NONE): CompiledGraph {
  const indexOf = new Map(nodes.map((node, index) => [node.id, index]));
  const sources = sourcesByTarget(nodes.length, edges, indexOf);
  const isGiven = nodes.map(({ id }) => given.has(id));
  const waitsFor = sources.map(({ both }, node) => (isGiven[node] ? 0 : both.size));
  return {
    nodes,
    textSources: sources.map((of) => [...of.text]),
    adapterSources: sources.map((of) => [...of.adapter]),
    successors: invert(sources.map(({ both }, node) => (isGiven[node] ? [] : [...both]))),
    waitsFor,
    levels: levelsOf(sources.map(({ both }) => [...both])),
    handles: handlesBySource(nodes.length, edges, indexOf),
  };
}

/** Nodes in an order in which each comes after all it waits for. */
export function inOrder({ levels }: Pick<CompiledGraph, 'levels'>): number[] {
  return levels.map((_, node) => node).toSorted((one, two) => (levels[one] ?? 0) - (levels[two] ?? 0) || one - two);
}

/** The nodes of `starts` and all below them. */
export function withDescendants({ successors }: Pick<CompiledGraph, 'successors'>, starts: readonly number[]) {
  const found = new Set(starts);
  for (const node of found) for (const successor of successors[node] ?? []) found.add(successor);
  return found;
}

const NONE: ReadonlySet<string> = new Set();

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

/** An edge without a handle leaves by every way out: it is kept as ''. */
function handlesBySource(
  count: number,
  edges: readonly FlowEdge[],
  indexOf: ReadonlyMap<string, number>,
): Array<Map<number, Set<string>> | undefined> {
  const handles = Array.from({ length: count }, (): Map<number, Set<string>> | undefined => undefined);
  for (const { source, target, source_handle: handle = '' } of edges) {
    const [from, to] = [indexOf.get(source), indexOf.get(target)];
    if (from === undefined || to === undefined) continue;
    const ofSource = (handles[from] ??= new Map<number, Set<string>>());
    ofSource.set(to, (ofSource.get(to) ?? new Set()).add(handle));
  }
  return handles;
}

function invert(sources: ReadonlyArray<readonly number[]>): number[][] {
  const successors = sources.map((): number[] => []);
  sources.forEach((of, target) => of.forEach((source) => successors[source]?.push(target)));
  return successors;
}

function levelsOf(sources: ReadonlyArray<readonly number[]>): number[] {
  const successors = invert(sources);
  const levels = sources.map(() => 0);
  const open = sources.map(({ length }) => length);
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
