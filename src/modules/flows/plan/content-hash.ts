import { createHash } from 'node:crypto';
import { type CompiledGraph, inOrder } from '../graph/compiled-graph.js';

/**
 * Fingerprints of what each node would do: its own description and the fingerprints of all that flows into it. Two runs
 * in which a node has the same one would ask it the same. Pure; needs nodes + edges time.
 *
 * @param describe everything about a node itself that its output depends on, as JSON
 */
export function contentHashes(graph: CompiledGraph, describe: (node: number) => unknown): string[] {
  const hashes: string[] = [];
  const hashOf = (node: number) => hashes[node] ?? '';
  for (const node of inOrder(graph)) {
    const texts = (graph.textSources[node] ?? []).map((source) => [hashOf(source), handlesOf(graph, source, node)]);
    const adapters = (graph.adapterSources[node] ?? []).map(hashOf);
    hashes[node] = fingerprint({ node: describe(node), texts, adapters });
  }
  return hashes;
}

/** By which ways out of the source the node is reached: it matters where the source branches. */
function handlesOf(graph: CompiledGraph, source: number, node: number): string[] {
  return [...(graph.handles[source]?.get(node) ?? [])].toSorted();
}

function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonical(value)).digest('base64url').slice(0, 27);
}

/** The order of keys says nothing. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1))) : inner,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
