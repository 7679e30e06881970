import type { FlowRunInput } from '../../src/modules/flows/program/flow-run.js';

/**
 * A graph of `count` nodes and three times as many edges: one node fans out to half of all, which fan in to one, which
 * fans out to the rest; the edges that are left go from the first half to the second.
 *
 * @param count even, at least 8
 */
export function wideGraph(count: number): FlowRunInput {
  const fan = count / 2 - 1;
  const join = fan + 1;
  const name = (index: number) => `n${index}`;
  const first = Array.from({ length: fan }, (_, index) => 1 + index);
  const second = Array.from({ length: count - join - 1 }, (_, index) => join + 1 + index);
  const pairs = [
    ...first.flatMap((node) => [[0, node] as const, [node, join] as const]),
    ...second.map((node) => [join, node] as const),
  ];
  for (let index = 0; pairs.length < count * 3; index += 1) {
    const node = second[index % second.length] ?? join;
    pairs.push([1 + ((index * 7 + Math.floor(index / second.length)) % fan), node]);
  }
  return {
    nodes: Array.from({ length: count }, (_, index) => ({ id: name(index), type: 'bench', data: {} })),
    edges: pairs.map(([source, target]) => ({ source: name(source), target: name(target) })),
  };
}
