import { describe, expect, it } from 'vitest';
import { compileGraph } from '../graph/compiled-graph.js';
import { chooseReused } from './choose-reused.js';

/** `a>b` is an edge; nodes are single letters. Answers the involved nodes and the reused ones. */
function choose(
  edges: string,
  { trigger, sent = '', earlier = '' }: { trigger?: string; sent?: string; earlier?: string },
): { involved: string; reused: string } {
  const ids = [...new Set(edges.replaceAll(/[> ]/g, ''))].toSorted();
  const graph = compileGraph({
    nodes: ids.map((id) => ({ id, type: 't', data: {} })),
    edges: edges.split(' ').flatMap((edge) => (edge[2] ? [{ source: edge[0] ?? '', target: edge[2] }] : [])),
  });
  const outputIn = (letters: string, more: object) => (node: number) =>
    letters.includes(ids[node] ?? '?') ? { output: { text: 'x' }, ...more } : undefined;
  const before = { sent: outputIn(sent, {}), earlier: outputIn(earlier, { from_run_id: 'r' }) };
  const choice = chooseReused(graph, trigger === undefined ? undefined : ids.indexOf(trigger), before);
  const letters = (nodes: Iterable<number>) =>
    [...nodes]
      .map((node) => ids[node] ?? '?')
      .toSorted((a, b) => a.localeCompare(b))
      .join('');
  return { involved: letters(choice.involved), reused: letters(choice.reused.keys()) };
}

describe('chooseReused', () => {
  //  a -> b -> c -> d      x -> c      p -> q
  const graph = 'a>b b>c c>d x>c p>q';

  it('takes the trigger, what is below and what is above, and reuses above', () => {
    expect(choose(graph, { trigger: 'c', sent: 'abcdx' })).toEqual({ involved: 'abcdx', reused: 'abx' });
    expect(choose(graph, { trigger: 'b', sent: 'ax' })).toEqual({ involved: 'abcdx', reused: 'ax' });
  });

  it('runs what is above and has no output', () => {
    expect(choose(graph, { trigger: 'c', sent: 'bx' }).reused).toBe('bx');
    expect(choose(graph, { trigger: 'c' }).reused).toBe('');
  });

  it('reuses without a trigger whatever is there', () => {
    expect(choose(graph, { sent: 'abq' })).toEqual({ involved: 'abcdpqx', reused: 'abq' });
    expect(choose(graph, { earlier: 'abcdxpq' }).reused).toBe('abcdpqx');
  });

  it('runs what depends on a node that runs, though an earlier run has it', () => {
    expect(choose(graph, { earlier: 'abcdpq' }).reused).toBe('abpq');
  });

  it('runs what depends on an output that was sent, though an earlier run has it', () => {
    expect(choose(graph, { sent: 'a', earlier: 'abcdxpq' }).reused).toBe('apqx');
  });

  //  if -> y -> j,  if -> n -> j: the earlier run took y
  it('reuses what lies behind a way that was not taken', () => {
    expect(choose('i>y i>n y>j n>j', { earlier: 'iyj' }).reused).toBe('ijy');
  });
});
