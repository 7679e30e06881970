import type { IntentFlags, RunInbox } from './ports/run-queue.js';

/** What the outside wants of a run, as far as it is known here. */
export class RunIntents {
  private current: IntentFlags;
  private isDue = false;
  private isUnderWay = false;
  /** Everything up to this intent was read. */
  private readUpTo = 0;

  /**
   * @param load reads what came after an intent; tries until the database answers
   * @param onRead gets each inbox; answers false when the run left meanwhile
   */
  constructor(
    initial: IntentFlags,
    private readonly load: (since: number) => Promise<RunInbox>,
    private readonly onRead: (inbox: RunInbox) => boolean,
  ) {
    this.current = initial;
  }

  get flags(): IntentFlags {
    return this.current;
  }

  /** Something may have come that is not read yet. */
  get isReading(): boolean {
    return this.isUnderWay;
  }

  /** True when this is news: the flags count at once, the rest is to be read. */
  notice(flags: IntentFlags): boolean {
    if (flags.intentSeq <= this.current.intentSeq) return false;
    this.current = { ...flags, intentSeq: this.current.intentSeq };
    return true;
  }

  /** Reads what came. Called again while it reads, it reads once more; true when everything is read. */
  async read(): Promise<boolean> {
    this.isDue = true;
    if (this.isUnderWay) return false;
    this.isUnderWay = true;
    while (this.isDue) {
      this.isDue = false;
      const inbox = await this.load(this.readUpTo);
      const { intentSeq, cancelRequested, pauseRequested } = inbox;
      this.current = { intentSeq, cancelRequested, pauseRequested };
      this.readUpTo = intentSeq;
      if (!this.onRead(inbox)) return false;
    }
    this.isUnderWay = false;
    return true;
  }
}
