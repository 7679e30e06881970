import { describe, expect, it } from 'vitest';
import { compileGraph } from './compiled-graph.js';
import { ReadyQueue } from './ready-queue.js';

/** `a>b` is an edge; nodes are single letters, numbered in the order of `nodes`. */
function graphOf(nodes: string, edges: string) {
  return compileGraph({
    nodes: nodes.split('').map((id) => ({ id, type: 'text', data: {} })),
    edges: edges
      .split(' ')
      .filter(Boolean)
      .map((edge) => ({ source: edge[0] ?? '', target: edge[2] ?? '' })),
  });
}

function queueOf(nodes: string, edges: string, maxParallel = Infinity) {
  const queue = new ReadyQueue(graphOf(nodes, edges), maxParallel);
  const name = (index: number) => nodes[index] ?? '?';
  return {
    take: () => queue.take().started.map(name).join(''),
    held: () => queue.take().held.map(name).join(''),
    complete: (id: string) => queue.complete(nodes.indexOf(id)),
    fail: (id: string) => queue.fail(nodes.indexOf(id)).map(({ node, because }) => `${name(node)}<${name(because)}`),
  };
}

describe('ReadyQueue', () => {
  //  a -> b -> c       (fast)
  //  s ------> t       (slow)
  it('does not let a fast branch wait for a slow sibling', () => {
    const queue = queueOf('abcst', 'a>b b>c s>t');
    expect(queue.take()).toBe('as');
    queue.complete('a');
    expect(queue.take()).toBe('b');
    queue.complete('b');
    expect(queue.take()).toBe('c');
  });

  //  a -> b -> d
  //  a -> c -> d
  it('starts a node when the last of its upstream nodes has ended', () => {
    const queue = queueOf('abcd', 'a>b a>c b>d c>d');
    expect(queue.take()).toBe('a');
    queue.complete('a');
    expect(queue.take()).toBe('bc');
    queue.complete('c');
    expect(queue.take()).toBe('');
    queue.complete('b');
    expect(queue.take()).toBe('d');
  });

  //  a -> b -> c
  //  x ------> c -> d
  //  x -> y
  it('skips all below a failed node, once, and lets other branches go on', () => {
    const queue = queueOf('abcxyd', 'a>b b>c x>c c>d x>y');
    expect(queue.take()).toBe('ax');
    expect(queue.fail('a')).toEqual(['b<a', 'c<a', 'd<a']);
    queue.complete('x');
    expect(queue.take()).toBe('y');
    expect(queue.fail('y')).toEqual([]);
  });

  //  a -> c
  //  b -> c
  it('names the first of two failed nodes above', () => {
    const queue = queueOf('abc', 'a>c b>c');
    queue.take();
    expect(queue.fail('b')).toEqual(['c<b']);
    expect(queue.fail('a')).toEqual([]);
  });

  it('keeps to the limit and tells once who has to wait for a place', () => {
    const queue = queueOf('abcd', '', 2);
    expect(queueOf('abcd', '', 2).held()).toBe('cd');
    expect(queue.take()).toBe('ab');
    expect(queue.held()).toBe('');
    queue.complete('b');
    expect(queue.take()).toBe('c');
    queue.fail('a');
    expect(queue.take()).toBe('d');
  });

  it('refuses a limit below one', () => {
    expect(() => queueOf('a', '', 0)).toThrow(RangeError);
  });

  //  2,000 nodes, each with edges to the next three: 20 times as large must not take 100 times as long.
  it('grows with nodes and edges, not with their square', () => {
    const [small, large] = [timeToWalk(1_000), timeToWalk(20_000)];
    expect(large).toBeLessThan(Math.max(small, 1) * 100);
  });
});

function timeToWalk(count: number): number {
  const nodes = Array.from({ length: count }, (_, index) => ({ id: String(index), type: 'text', data: {} }));
  const edges = nodes.flatMap(({ id }, index) =>
    [1, 2, 3].filter((by) => index + by < count).map((by) => ({ source: id, target: String(index + by) })),
  );
  const startedAt = performance.now();
  const queue = new ReadyQueue(compileGraph({ nodes, edges }), 1);
  let ended = 0;
  for (let next = queue.take().started; next.length > 0; next = queue.take().started) {
    for (const node of next) queue.complete(node);
    ended += next.length;
  }
  expect(ended).toBe(count);
  return performance.now() - startedAt;
}
