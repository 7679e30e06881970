import { type CompiledGraph, inOrder, withDescendants } from '../graph/compiled-graph.js';
import type { CachedOutput } from '../program/flow-run.js';

export interface OutputsBefore {
  /** What the caller sent for a node. */
  readonly sent: (node: number) => CachedOutput | undefined;
  /** What an earlier run has for a node that would do the same again. */
  readonly earlier: (node: number) => CachedOutput | undefined;
}

export interface ReuseChoice {
  /** The nodes of the run: all, or the trigger, everything below it and everything above those. */
  readonly involved: ReadonlySet<number>;
  readonly reused: ReadonlyMap<number, CachedOutput>;
}

/**
 * Decides which nodes run and which outputs are taken over. Pure.
 *
 * What is sent counts, but not for the trigger and what is below it. What an earlier run has counts as long as
 * everything above it is taken over from there too: what depends on a node that runs, runs.
 */
export function chooseReused(graph: CompiledGraph, trigger: number | undefined, before: OutputsBefore): ReuseChoice {
  const mustRun = trigger === undefined ? new Set<number>() : withDescendants(graph, [trigger]);
  const involved = trigger === undefined ? new Set(graph.nodes.keys()) : withAncestors(graph, mustRun);
  const reused = new Map<number, CachedOutput>();
  const isUnchanged: boolean[] = [];
  for (const node of inOrder(graph)) {
    if (!involved.has(node) || mustRun.has(node)) continue;
    const sources = sourcesOf(graph, node);
    const isFed = sources.every((source) => isUnchanged[source]);
    const sent = before.sent(node);
    const earlier = isFed && !sent ? before.earlier(node) : undefined;
    const output = sent ?? earlier;
    if (output) reused.set(node, output);
    // One that has no output although all above it has: no way led to it, and none will.
    isUnchanged[node] = earlier !== undefined || (!sent && isFed && sources.length > 0);
  }
  return { involved, reused };
}

function withAncestors(graph: CompiledGraph, nodes: ReadonlySet<number>): Set<number> {
  const found = new Set(nodes);
  for (const node of found) for (const source of sourcesOf(graph, node)) found.add(source);
  return found;
}

function sourcesOf({ textSources, adapterSources }: CompiledGraph, node: number): number[] {
  return [...(textSources[node] ?? []), ...(adapterSources[node] ?? [])];
}
