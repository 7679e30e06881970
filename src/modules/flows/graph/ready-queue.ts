import type { CompiledGraph } from './compiled-graph.js';

export interface SkippedNode {
  readonly node: number;
  /** The failed node above it, or the one that took another way. */
  readonly because: number;
}

export interface TakenNodes {
  readonly started: readonly number[];
  /** Ready since the last look, but there is no free place for them yet. */
  readonly held: readonly number[];
}

const EVERY_WAY = () => true;

/**
 * Says which node may start when. A node is ready as soon as all its upstream nodes have ended; there is no barrier
 * between levels. One that only closed ways lead to is skipped; one that also an open way leads to runs.
 * Its decisions depend only on the order in which nodes end. All calls together take nodes + edges time.
 */
export class ReadyQueue {
  private readonly ready: number[] = [];
  private readonly open: number[];
  /** Nodes that an open way leads to, or that nothing leads to. */
  private readonly reached: boolean[];
  private readonly skipped: boolean[];
  private next = 0;
  private announced = 0;
  private running = 0;

  /** @param maxParallel nodes running at once, 1 or more; Infinity: no limit */
  constructor(
    private readonly graph: Pick<CompiledGraph, 'successors' | 'waitsFor'>,
    private readonly maxParallel: number,
  ) {
    if (!(maxParallel >= 1)) throw new RangeError(`maxParallel must be 1 or more, got ${maxParallel}`);
    this.open = [...graph.waitsFor];
    this.reached = graph.waitsFor.map(() => false);
    this.skipped = graph.waitsFor.map(() => false);
    graph.waitsFor.forEach((waiting, node) => waiting === 0 && this.ready.push(node));
  }

  /** Starts what there is place for, in the order in which it became ready. */
  take(): TakenNodes {
    const started = this.ready.slice(this.next, this.next + this.maxParallel - this.running);
    this.next += started.length;
    this.running += started.length;
    const held = this.ready.slice(Math.max(this.announced, this.next));
    this.announced = this.ready.length;
    return { started, held };
  }

  /**
   * @param isOpen whether the way to a successor was taken
   * @returns the nodes that now never run, because no way leads to them
   */
  complete(node: number, isOpen: (successor: number) => boolean = EVERY_WAY): SkippedNode[] {
    this.running -= 1;
    const unreached: number[] = [];
    this.leave(node, isOpen, unreached);
    for (const next of unreached) this.leave(next, () => false, unreached);
    return unreached.map((skipped) => ({ node: skipped, because: node }));
  }

  /** Answers the nodes below that now never run. One below two failed nodes is skipped because of the first. */
  fail(node: number): SkippedNode[] {
    this.running -= 1;
    const below: number[] = [];
    this.skipSuccessors(node, below);
    for (const next of below) this.skipSuccessors(next, below);
    return below.map((skipped) => ({ node: skipped, because: node }));
  }

  private leave(node: number, isOpen: (successor: number) => boolean, unreached: number[]): void {
    for (const successor of this.graph.successors[node] ?? []) {
      const waiting = (this.open[successor] ?? 0) - 1;
      this.open[successor] = waiting;
      if (isOpen(successor)) this.reached[successor] = true;
      if (waiting > 0 || this.skipped[successor]) continue;
      if (this.reached[successor]) this.ready.push(successor);
      else {
        this.skipped[successor] = true;
        unreached.push(successor);
      }
    }
  }

  private skipSuccessors(node: number, into: number[]): void {
    for (const successor of this.graph.successors[node] ?? []) {
      if (this.skipped[successor]) continue;
      this.skipped[successor] = true;
      into.push(successor);
    }
  }
}
