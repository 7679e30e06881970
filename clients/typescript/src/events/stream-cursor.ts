/** How far a stream was read. Lets each event through once and in order. */
export class StreamCursor {
  constructor(private last: number) {}

  get after(): number {
    return this.last;
  }

  /** False for what was there before, and for what comes before its turn: a replay brings that again. */
  takesNext(seq: number): boolean {
    if (seq !== this.last + 1) return false;
    this.last = seq;
    return true;
  }

  /** As {@link takesNext}, for streams whose start was not asked for. */
  takesLater(seq: number): boolean {
    if (seq <= this.last) return false;
    this.last = seq;
    return true;
  }

  /** The server has nothing up to this any more. */
  skipTo(seq: number): void {
    this.last = Math.max(this.last, seq);
  }
}
