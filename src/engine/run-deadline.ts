import type { Clock } from './ports/clock.js';

const RETRY_MS = 500;

/** The time limit of a run. It stands still during a pause: the resume brings a new deadline. */
export class RunDeadline {
  private stopTimer: () => void = () => undefined;

  /** @param isPaused asked when the time is up */
  constructor(
    private readonly clock: Clock,
    private readonly isPaused: () => boolean,
    private readonly onOver: () => void,
  ) {}

  /** In place of the one before; null: there is none. */
  watch(deadlineAt: Date | null): void {
    this.stop();
    if (deadlineAt === null) return;
    this.look(Math.max(deadlineAt.getTime() - this.clock.now().getTime(), 0));
  }

  stop(): void {
    this.stopTimer();
  }

  private look(delayMs: number): void {
    this.stopTimer = this.clock.setTimer(delayMs, () => {
      if (this.isPaused()) this.look(RETRY_MS);
      else this.onOver();
    });
  }
}
