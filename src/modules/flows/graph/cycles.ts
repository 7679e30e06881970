/**
 * Finds cycles in a directed graph of `count` nodes until none is left that shares no node with one found before.
 *
 * First everything that comes before a cycle is peeled off; what is left has a predecessor each, so walking
 * backwards must come round. The cycle found is taken out, and the peeling goes on.
 *
 * @returns the nodes of each cycle, in the direction of its edges
 */
export function findCycles(count: number, edges: ReadonlyArray<readonly [from: number, to: number]>): number[][] {
  const graph = new Peeling(count, edges);
  const cycles: number[][] = [];
  for (let node = 0; node < count; node++) {
    while (graph.isLeft(node)) {
      const cycle = graph.walkBack(node);
      cycles.push(cycle);
      graph.remove(cycle);
    }
  }
  return cycles;
}

class Peeling {
  private readonly left: boolean[];
  private readonly incoming: number[][];
  private readonly outgoing: number[][];
  private readonly open: number[];

  constructor(count: number, edges: ReadonlyArray<readonly [number, number]>) {
    this.left = Array.from({ length: count }, () => true);
    this.incoming = Array.from({ length: count }, () => []);
    this.outgoing = Array.from({ length: count }, () => []);
    for (const [from, to] of edges) {
      this.outgoing[from]?.push(to);
      this.incoming[to]?.push(from);
    }
    this.open = this.incoming.map((sources) => sources.length);
    this.remove(this.open.flatMap((waiting, node) => (waiting === 0 ? [node] : [])));
  }

  isLeft(node: number): boolean {
    return this.left[node] ?? false;
  }

  walkBack(start: number): number[] {
    const seenAt = new Map<number, number>();
    const path: number[] = [];
    let node: number | undefined = start;
    while (node !== undefined && !seenAt.has(node)) {
      seenAt.set(node, path.length);
      path.push(node);
      node = this.incoming[node]?.find((source) => this.left[source]);
    }
    return path.slice(node === undefined ? 0 : seenAt.get(node)).reverse();
  }

  /** Takes nodes out, and with them all that then has no predecessor left. */
  remove(nodes: readonly number[]): void {
    const gone = [...nodes];
    for (const node of gone) this.left[node] = false;
    for (let next = gone.pop(); next !== undefined; next = gone.pop()) {
      for (const target of this.outgoing[next] ?? []) if (this.closes(target)) gone.push(target);
    }
  }

  /** One edge into the node is gone; true when it was the last and the node goes too. */
  private closes(node: number): boolean {
    this.open[node] = (this.open[node] ?? 0) - 1;
    if (!this.left[node] || this.open[node] !== 0) return false;
    this.left[node] = false;
    return true;
  }
}
