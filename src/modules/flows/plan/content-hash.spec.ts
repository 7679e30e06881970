import { describe, expect, it } from 'vitest';
import { compileGraph } from '../graph/compiled-graph.js';
import type { FlowEdge } from '../graph/flow-graph.js';
import { contentHashes } from './content-hash.js';

function hashesOf(edges: readonly FlowEdge[], data: Record<string, unknown> = {}, ids = ['a', 'b', 'c', 'd']) {
  const graph = compileGraph({ nodes: ids.map((id) => ({ id, type: 't', data: {} })), edges });
  const hashes = contentHashes(graph, (node) => data[ids[node] ?? ''] ?? null);
  return Object.fromEntries(ids.map((id, index) => [id, hashes[index]]));
}

//  a -> b -> d,  c -> d
const EDGES = [
  { source: 'a', target: 'b' },
  { source: 'b', target: 'd' },
  { source: 'c', target: 'd' },
];

/** The nodes whose fingerprint differs. */
function changed(one: Record<string, string | undefined>, two: Record<string, string | undefined>): string {
  return Object.keys(one)
    .filter((id) => one[id] !== two[id])
    .join('');
}

describe('contentHashes', () => {
  const base = hashesOf(EDGES, { a: { x: 1, y: 2 }, c: 'c' });

  it('changes for a node and all below it, and for no other', () => {
    expect(changed(base, hashesOf(EDGES, { a: { x: 1, y: 3 }, c: 'c' }))).toBe('abd');
    expect(changed(base, hashesOf(EDGES, { a: { x: 1, y: 2 }, c: 'other' }))).toBe('cd');
  });

  it('does not look at the order of keys, of nodes, or at ids', () => {
    expect(changed(base, hashesOf(EDGES, { a: { y: 2, x: 1 }, c: 'c' }))).toBe('');
    expect(changed(base, hashesOf(EDGES, { a: { x: 1, y: 2 }, c: 'c' }, ['d', 'c', 'b', 'a']))).toBe('');
  });

  it('looks at the order of inputs, at what they are, and at the way they come', () => {
    const [first, second, third] = EDGES;
    const data = { a: { x: 1, y: 2 }, c: 'c' };
    const edges = (...more: object[]) => [first, ...more] as FlowEdge[];
    expect(changed(base, hashesOf(edges({ ...third }, { ...second }), data))).toBe('d');
    expect(changed(base, hashesOf(edges({ ...second }, { ...third, target_handle: 'adapter-in' }), data))).toBe('d');
    expect(changed(base, hashesOf(edges({ ...second, source_handle: 'text-true' }, { ...third }), data))).toBe('d');
    expect(changed(base, hashesOf(edges({ ...second }), data))).toBe('d');
  });
});
