import type { Clock } from './ports/clock.js';

/** Children that end by then spare their parent being let go, claimed and replayed. */
const LINGER_MS = 500;

/** The moment for which a run that only waits for children stays in memory. */
export class Lingering {
  /** It has been long enough. */
  isOver = false;
  private stop: (() => void) | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly onOver: () => void,
  ) {}

  begin(): void {
    this.stop ??= this.clock.setTimer(LINGER_MS, () => {
      this.isOver = true;
      this.onOver();
    });
  }

  /** Something came: the next wait is another. */
  reset(): void {
    this.stop?.();
    this.stop = undefined;
    this.isOver = false;
  }
}
