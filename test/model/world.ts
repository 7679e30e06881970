import { parseRecord } from '../../src/engine/record.js';
import { StepFailure } from '../../src/engine/errors.js';
import { StepHeld } from '../../src/engine/step-held.js';
import type { StepContext } from '../../src/engine/program.js';
import { MemoryTransaction } from '../../src/engine/testing/in-memory-journal.js';
import type { InMemoryStores } from '../../src/engine/testing/in-memory-stores.js';
import type { Op } from './sim-program.js';
import type { SimClock, SimTime } from './sim-clock.js';

/** No step may begin later than this after its run's cancel was committed: one poll, and the slowest store answer. */
const CANCEL_GRACE_MS = 1_000;

/** The outside: what programs did to it, and what must never happen, watched as it happens. */
export class World {
  readonly violations: string[] = [];
  readonly effects = new Map<string, number>();
  readonly cancelledAt = new Map<string, number>();
  readonly clocks = new Map<string, SimClock>();
  private readonly failuresShown = new Map<string, number>();
  private readonly holdsShown = new Map<string, number>();

  constructor(
    private readonly time: SimTime,
    private readonly stores: InMemoryStores,
    private readonly onHeld: () => void,
  ) {}

  violate(message: string): void {
    this.violations.push(`at ${this.time.nowMs} ms: ${message}`);
  }

  async work(runId: string, op: Op & { op: 'step' }, step: StepContext, workerName: string): Promise<unknown> {
    const id = `${runId}:${op.key}`;
    if (step.idempotencyKey !== id) this.violate(`idempotency key of ${id} is ${step.idempotencyKey}`);
    this.checkMayBegin(runId, op.key, workerName);
    this.checkMayGoOn(id, op);
    step.chunk('begun');
    for (let n = 0; n < op.events; n += 1) step.emit({ type: 'sim.stepped', data: { key: op.key, n } });
    await this.takeTime(workerName, op.durationMs);
    step.chunk('done');
    const shown = this.failuresShown.get(id) ?? 0;
    if (shown < op.failures) {
      this.failuresShown.set(id, shown + 1);
      throw new StepFailure({ code: 'SIM_FAILED', message: 'as programmed' }, { retryable: true });
    }
    return { done: op.key, filler: 'x'.repeat(op.size) };
  }

  private checkMayGoOn(id: string, op: Op & { op: 'step' }): void {
    const shown = this.holdsShown.get(id) ?? 0;
    if (shown >= op.holds) return;
    this.holdsShown.set(id, shown + 1);
    this.onHeld();
    throw new StepHeld('SIM_HELD', 'as programmed', {
      about: id,
      event: { type: 'sim.held', data: { key: op.key } },
    });
  }

  effect(runId: string, key: string, tx: unknown): Promise<string> {
    if (!(tx instanceof MemoryTransaction)) throw new TypeError('not a transaction of the in-memory journal');
    const id = `${runId}:${key}`;
    tx.onCommit(() => this.effects.set(id, (this.effects.get(id) ?? 0) + 1));
    return Promise.resolve(`effect ${key}`);
  }

  private checkMayBegin(runId: string, key: string, workerName: string): void {
    const run = this.stores.state.runs.get(runId);
    const isSettled = run?.rows.some((row) => {
      const record = parseRecord(row);
      return record?.k === key && ('v' in record || 'blob' in record || 'err' in record);
    });
    if (isSettled) this.violate(`${workerName} began ${runId}:${key}, which is committed`);
    const cancelledAt = this.cancelledAt.get(runId);
    const thawedAt = this.clocks.get(workerName)?.thawedAt ?? Number.NEGATIVE_INFINITY;
    // A process that stood still could not hear of the cancel; it is given the same time from when it woke.
    if (cancelledAt !== undefined && this.time.nowMs - Math.max(cancelledAt, thawedAt) > CANCEL_GRACE_MS) {
      this.violate(`${workerName} began ${runId}:${key} ${this.time.nowMs - cancelledAt} ms after the cancel`);
    }
  }

  private takeTime(workerName: string, ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    const clock = this.clocks.get(workerName);
    return new Promise((resolve) => clock?.setTimer(ms, resolve));
  }
}
