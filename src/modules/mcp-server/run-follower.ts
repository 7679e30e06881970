import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { DrainState } from '../../common/lifecycle/drain-state.js';
import { isEnded, type RunView } from '../execution/run-view.js';
import { RunWaiter } from '../execution/run-waiter.js';
import { StreamHub } from '../streams/stream-hub.js';
import { endsStream, type StreamEvent } from '../streams/stream-event.js';
import { progressOf } from './run-progress.js';

export interface Following {
  /** Whether there still is somebody who may know. */
  readonly mayGoOn: () => Promise<boolean>;
  /** A sign of life: the messages are for people. */
  readonly onProgress?: ((message: string) => void) | undefined;
}

interface Report {
  /** Everything up to the run's end has been told. */
  readonly whole: Promise<void>;
  stop(): void;
}

const MOST_MS = 3_600_000;
const ROUND_SECONDS = 5;
/** Within the second after which a revoked key is told nothing. */
const LOOK_MS = 500;
/** For what a run that is known to have ended said last. */
const LAST_WORDS_MS = 1_000;

/** Waits for runs on behalf of clients, and tells them how they get on. */
@Injectable()
export class RunFollower {
  constructor(
    private readonly waiter: RunWaiter,
    private readonly hub: StreamHub,
    private readonly drain: DrainState,
  ) {}

  /** The run at its end; or as it is when nobody can wait any longer. */
  async follow(runId: string, { mayGoOn, onProgress }: Following): Promise<RunView> {
    let isHeard = true;
    const look = setInterval(
      () =>
        void mayGoOn().then(
          (may) => (isHeard = may),
          () => (isHeard = false),
        ),
      LOOK_MS,
    );
    const tell = onProgress && ((message: string): void => void (isHeard && onProgress(message)));
    const report = tell && (await this.report(runId, tell));
    try {
      const run = await this.wait(runId, () => isHeard, tell);
      if (report && isEnded(run.status))
        await Promise.race([report.whole, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      return run;
    } finally {
      clearInterval(look);
      report?.stop();
    }
  }

  private async wait(runId: string, isHeard: () => boolean, tell?: (message: string) => void): Promise<RunView> {
    const until = performance.now() + MOST_MS;
    for (;;) {
      const run = await this.waiter.wait(runId, ROUND_SECONDS);
      const isOver = isEnded(run.status) || this.drain.isDraining || performance.now() > until;
      if (isOver || !isHeard()) return run;
      tell?.(`The run is ${run.status}`);
    }
  }

  private async report(runId: string, onProgress: (message: string) => void): Promise<Report> {
    const whole = Promise.withResolvers<void>();
    const events = (passed: readonly StreamEvent[]): void => {
      for (const event of passed) {
        const message = progressOf(event);
        if (message !== undefined) onProgress(message);
        if (endsStream(event)) whole.resolve();
      }
    };
    const ignore = (): undefined => undefined;
    const subscriber = { events, chunk: ignore, gap: ignore, ready: ignore };
    const subscription = await this.hub.subscribe(`run:${runId}`, subscriber, 0);
    if (subscription) subscription.start();
    else whole.resolve();
    return { whole: whole.promise, stop: () => subscription?.close() };
  }
}
