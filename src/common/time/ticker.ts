/** Works again and again: at once while there is more to do, else after a pause. One at a time. */
export class Ticker {
  private timer: NodeJS.Timeout | undefined;
  private work: Promise<void> = Promise.resolve();
  private isStopped = false;

  /** @param look answers in how many milliseconds it wants to look again; must not throw */
  constructor(private readonly look: () => Promise<number>) {}

  start(delayMs = 0): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.work = this.look().then((nextMs) => this.start(nextMs));
    }, delayMs);
  }

  /** What is under way is waited for. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.work;
  }
}
