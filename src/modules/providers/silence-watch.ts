/**
 * An abort signal that fires when the outer one does, or when nothing was heard for too long.
 * A connection that stays open and says nothing ends in no other way.
 */
export class SilenceWatch {
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private fired = false;

  constructor(
    outer: AbortSignal,
    readonly silenceMs: number,
  ) {
    this.signal = AbortSignal.any([outer, this.controller.signal]);
    this.timer = setTimeout(() => {
      this.fired = true;
      this.controller.abort();
    }, silenceMs);
  }

  /** True when the silence, not the outer signal, ended it. */
  get hasTimedOut(): boolean {
    return this.fired;
  }

  heard(): void {
    this.timer.refresh();
  }

  /** Ends the watch, and the connection when it is still open: not every SDK closes one that is no longer read. */
  close(): void {
    clearTimeout(this.timer);
    this.controller.abort();
  }
}
