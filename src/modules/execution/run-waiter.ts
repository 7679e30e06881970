import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { RunNotFoundError } from './execution.errors.js';
import { RunReader } from './run-reader.js';
import { isEnded, type RunView } from './run-view.js';

/** Runs that end in another process are noticed by looking; one look serves all that wait. */
const LOOK_EVERY_MS = 250;

/** Waits for the end of runs, wherever they are executed. */
@Injectable()
export class RunWaiter implements OnModuleDestroy {
  private readonly logger = new Logger(RunWaiter.name);
  private readonly waiting = new Map<string, Set<() => void>>();
  private timer: NodeJS.Timeout | undefined;
  private isLooking = false;

  constructor(private readonly runs: RunReader) {}

  /**
   * The run as it stands at its end, or when `seconds` are over.
   *
   * @throws {RunNotFoundError}
   */
  async wait(runId: string, seconds: number): Promise<RunView> {
    if (seconds > 0) await this.untilEnded(runId, seconds * 1_000);
    const run = await this.runs.find(runId);
    if (!run) throw new RunNotFoundError(runId);
    return run;
  }

  /** Called when a run ends in this process. */
  ended(runId: string): void {
    for (const wake of this.waiting.get(runId) ?? []) wake();
  }

  /** Requests that wait are answered with what there is. */
  onModuleDestroy(): void {
    clearInterval(this.timer);
    for (const runId of this.waiting.keys()) this.ended(runId);
  }

  private async untilEnded(runId: string, withinMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wakers = this.waiting.get(runId) ?? new Set();
    this.waiting.set(runId, wakers.add(resolve));
    const timeout = setTimeout(resolve, withinMs);
    this.timer ??= setInterval(() => void this.look(), LOOK_EVERY_MS);
    try {
      // It may have ended before we began to listen.
      const run = await this.runs.find(runId);
      if (run && !isEnded(run.status)) await promise;
    } finally {
      clearTimeout(timeout);
      wakers.delete(resolve);
      if (wakers.size === 0) this.forget(runId);
    }
  }

  private forget(runId: string): void {
    this.waiting.delete(runId);
    if (this.waiting.size > 0) return;
    clearInterval(this.timer);
    this.timer = undefined;
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      for (const runId of await this.runs.endedAmong([...this.waiting.keys()])) this.ended(runId);
    } catch (error) {
      this.logger.warn({ err: error }, 'Looking for ended runs failed, trying again');
    }
    this.isLooking = false;
  }
}
