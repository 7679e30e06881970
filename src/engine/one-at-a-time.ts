/** Work of which one is under way at a time. Asked for meanwhile, it is done once more, for all who asked. */
export class OneAtATime {
  private isDue = false;
  private isUnderWay = false;

  /**
   * @param work must not throw
   * @param mayGoOn asked before each
   */
  constructor(
    private readonly work: () => Promise<void>,
    private readonly mayGoOn: () => boolean,
  ) {}

  async ask(): Promise<void> {
    this.isDue = true;
    if (this.isUnderWay) return;
    this.isUnderWay = true;
    while (this.isDue && this.mayGoOn()) {
      this.isDue = false;
      await this.work();
    }
    this.isUnderWay = false;
  }
}
