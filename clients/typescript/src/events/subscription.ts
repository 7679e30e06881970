import type { TroupeEvent } from './event.js';
import { StreamCursor } from './stream-cursor.js';
import type { SubscribeOptions } from './transport.js';

/** One stream that is followed, through any number of connections. */
export class Subscription {
  readonly opened: Promise<void>;
  /** False from a lost connection until the server has taken the subscription up again. */
  isOpen = false;
  readonly isTree: boolean;
  private cursor: StreamCursor | undefined;
  private resolveOpened!: () => void;
  private rejectOpened!: (error: Error) => void;

  constructor(
    readonly stream: string,
    { after, tree = false }: SubscribeOptions,
  ) {
    this.isTree = tree;
    if (after !== undefined) this.cursor = new StreamCursor(after);
    this.opened = new Promise((resolve, reject) => {
      this.resolveOpened = resolve;
      this.rejectOpened = reject;
    });
    // Whoever does not wait for it must not be ended by it.
    this.opened.catch(() => undefined);
  }

  get after(): number | undefined {
    return this.cursor?.after;
  }

  /** @param seq the stream's last at this moment */
  open(seq: number): void {
    this.cursor ??= new StreamCursor(seq);
    this.isOpen = true;
    this.resolveOpened();
  }

  fail(error: Error): void {
    this.rejectOpened(error);
  }

  takes({ seq }: TroupeEvent): boolean {
    return this.isOpen && (seq === undefined || (this.cursor?.takesNext(seq) ?? false));
  }

  skipTo(seq: number): void {
    this.cursor?.skipTo(seq);
  }
}
