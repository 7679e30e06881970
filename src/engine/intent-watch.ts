import { OneAtATime } from './one-at-a-time.js';
import type { Clock } from './ports/clock.js';
import type { EngineListener } from './ports/listener.js';
import type { IntentFlags, RunQueue } from './ports/run-queue.js';

export interface IntentWatchOptions {
  readonly queue: RunQueue;
  readonly clock: Clock;
  readonly listener: EngineListener;
  /** How often they are read at least. */
  readonly pollMs: number;
  /** Undefined: this process holds no runs. */
  readonly workerId: () => number | undefined;
  readonly isWorking: () => boolean;
  readonly onIntents: (runId: string, intents: IntentFlags) => void;
  /** What is known is recent again. */
  readonly onRecent: () => void;
}

/** Learns what the outside wants of the runs of this process. */
export class IntentWatch {
  /** What was committed before this instant is known here. */
  private knownAtMs = Number.NEGATIVE_INFINITY;
  private readonly reading: OneAtATime;

  constructor(private readonly options: IntentWatchOptions) {
    this.reading = new OneAtATime(() => this.readOnce(), options.isWorking);
  }

  begin(): void {
    this.knownAtMs = this.options.clock.monotonicMs();
  }

  /** A cancel cannot have been committed much more than two polls ago without our knowing. */
  get isRecent(): boolean {
    return this.options.clock.monotonicMs() - this.knownAtMs < 2 * this.options.pollMs;
  }

  /** Now, and not at the next poll. */
  read(): void {
    void this.reading.ask();
  }

  private async readOnce(): Promise<void> {
    const { queue, clock, listener, workerId, onIntents } = this.options;
    const id = workerId();
    if (id === undefined) return;
    const askedAtMs = clock.monotonicMs();
    try {
      for (const each of await queue.intents(id)) onIntents(each.runId, each);
      this.know(askedAtMs);
    } catch (error) {
      listener.fault('could not read intents; trying again', error, {});
    }
  }

  private know(atMs: number): void {
    const wasRecent = this.isRecent;
    this.knownAtMs = atMs;
    if (!wasRecent) this.options.onRecent();
  }
}
