import type { Clock } from '../../src/engine/ports/clock.js';
import type { Random } from './random.js';

interface SimEvent {
  readonly at: number;
  readonly order: number;
  readonly fn: () => void;
  isCancelled: boolean;
}

const START_MS = Date.UTC(2026, 0, 1);

/** Simulated time: a queue of things to happen. Nothing else makes progress, so a seed decides everything. */
export class SimTime {
  nowMs = 0;
  private readonly heap: SimEvent[] = [];
  private order = 0;

  get date(): Date {
    return new Date(START_MS + this.nowMs);
  }

  schedule(delayMs: number, fn: () => void): () => void {
    const event = { at: this.nowMs + Math.max(delayMs, 0), order: this.order++, fn, isCancelled: false };
    this.push(event);
    return () => {
      event.isCancelled = true;
    };
  }

  /** Runs events until `untilMs`, or until `isDone` says so. Between two events all promise reactions run. */
  async run(untilMs: number, isDone: () => boolean = () => false): Promise<void> {
    while (!isDone()) {
      const event = this.heap[0];
      if (event === undefined || event.at > untilMs) break;
      this.pop();
      if (event.isCancelled) continue;
      this.nowMs = event.at;
      event.fn();
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    if (!isDone()) this.nowMs = Math.max(this.nowMs, untilMs);
  }

  private push(event: SimEvent): void {
    const { heap } = this;
    let index = heap.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(event, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = event;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
  }
}

function isBefore(a: SimEvent, b: SimEvent): boolean {
  return a.at !== b.at ? a.at < b.at : a.order < b.order;
}

/** The clock of one process: it can freeze (a stopped VM, a long collection) and die. */
export class SimClock implements Clock {
  private frozenUntil = 0;
  private isDead = false;
  /** When it last stood still. */
  thawedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly time: SimTime,
    private readonly chance: Random,
    private readonly newId: () => string,
  ) {}

  now(): Date {
    return this.time.date;
  }

  monotonicMs(): number {
    return this.time.nowMs;
  }

  setTimer(delayMs: number, fn: () => void): () => void {
    return this.time.schedule(delayMs, () => this.fire(fn));
  }

  defer(fn: () => void): void {
    this.time.schedule(0, () => this.fire(fn));
  }

  random(): number {
    return this.chance.next();
  }

  uuid(): string {
    return this.newId();
  }

  freeze(ms: number): void {
    this.frozenUntil = this.time.nowMs + ms;
    this.thawedAt = this.frozenUntil;
  }

  die(): void {
    this.isDead = true;
  }

  private fire(fn: () => void): void {
    if (this.isDead) return;
    if (this.frozenUntil > this.time.nowMs) this.time.schedule(this.frozenUntil - this.time.nowMs, () => this.fire(fn));
    else fn();
  }
}
