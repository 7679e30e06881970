import { describe, expect, it } from 'vitest';
import { findCycles } from './cycles.js';

describe('findCycles', () => {
  //  0 -> 1 -> 2 -> 3
  //       ^    |
  //       +----+
  it('finds the nodes that wait for each other, not those before or after', () => {
    const cycles = findCycles(4, [
      [0, 1],
      [1, 2],
      [2, 1],
      [2, 3],
    ]);
    expect(cycles.map((cycle) => cycle.toSorted((a, b) => a - b))).toEqual([[1, 2]]);
  });

  //  0 <-> 1    2 -> 3 -> 4 -> 2    5 -> 5
  it('finds each of several', () => {
    const cycles = findCycles(6, [
      [0, 1],
      [1, 0],
      [2, 3],
      [3, 4],
      [4, 2],
      [5, 5],
    ]);
    expect(cycles.map((cycle) => cycle.toSorted((a, b) => a - b))).toEqual([[0, 1], [2, 3, 4], [5]]);
  });

  it('names them in the direction of the edges', () => {
    const [cycle = []] = findCycles(3, [
      [0, 1],
      [1, 2],
      [2, 0],
    ]);
    const start = cycle.indexOf(0);
    expect([...cycle.slice(start), ...cycle.slice(0, start)]).toEqual([0, 1, 2]);
  });

  //  0 -> 1 -> 3
  //  0 -> 2 -> 3
  it('finds none in a diamond', () => {
    expect(
      findCycles(4, [
        [0, 1],
        [0, 2],
        [1, 3],
        [2, 3],
      ]),
    ).toEqual([]);
  });
});
