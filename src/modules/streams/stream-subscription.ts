import type { LiveStream } from './live-stream.js';
import type { StreamChunk, StreamEvent, StreamHead } from './stream-event.js';
import type { StreamSource } from './stream-source.js';
import type { StreamSubscriber } from './stream-subscriber.js';

/** What a subscription needs of the hub that made it. */
export interface SubscriptionHost {
  readonly source: StreamSource;
  textSoFar(stream: string): readonly StreamChunk[];
  closed(subscription: StreamSubscription): void;
  /** A read of the journal failed. Answers when to try again; rejects never. */
  pause(error: unknown): Promise<void>;
}

const PAGE_SIZE = 500;
/** Between going live and the text so far: the announcement of a commit that the replay already read gets through first. */
const TEXT_DELAY_MS = 10;

/**
 * One reader of one stream: first what the journal has after its cursor, then what passes live. It goes live in the
 * moment its cursor has caught up with the hub, so there is nothing to buffer, and nothing to lose or to double.
 */
export class StreamSubscription {
  /** Seq of the last event handed over. */
  #cursor: number;
  #state: 'new' | 'replaying' | 'live' | 'closed' = 'new';
  #takesText = false;

  constructor(
    private readonly host: SubscriptionHost,
    private readonly live: LiveStream,
    readonly head: StreamHead,
    private readonly subscriber: StreamSubscriber,
    private readonly after: number | undefined,
  ) {
    this.#cursor = Math.min(after ?? head.lastSeq, head.lastSeq);
  }

  get stream(): string {
    return this.head.stream;
  }

  get streamId(): number {
    return this.head.streamId;
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** The stream's last seq when it was opened. */
  get seq(): number {
    return this.head.lastSeq;
  }

  /** Whether an event is this subscription's to deliver, rather than that of the owner's room. */
  covers(event: StreamEvent): boolean {
    return this.after !== undefined || event.seq > this.head.lastSeq;
  }

  /** Begins to deliver. Apart from opening, so that a caller can answer in between. */
  start(): void {
    if (this.#state !== 'new') return;
    if (this.after === undefined && this.#cursor >= this.live.position) return this.goLive();
    this.#state = 'replaying';
    void this.replay();
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.host.closed(this);
  }

  /** Called by the hub with what passes, in order and without holes. */
  offer(events: readonly StreamEvent[]): void {
    if (this.#state === 'live') this.deliver(events);
  }

  offerChunk(chunk: StreamChunk): void {
    if (this.#takesText) this.subscriber.chunk(chunk);
  }

  private async replay(): Promise<void> {
    this.reportGap(this.head.firstSeq);
    while (this.#state === 'replaying') {
      await this.subscriber.ready();
      const page = await this.nextPage();
      if (this.#state !== 'replaying' || !page) continue;
      this.deliver(page);
      if (page.length < PAGE_SIZE && this.#cursor >= this.live.position) this.goLive();
    }
  }

  private async nextPage(): Promise<readonly StreamEvent[] | undefined> {
    try {
      return await this.host.source.read([{ streamId: this.streamId, after: this.#cursor }], PAGE_SIZE);
    } catch (error) {
      await this.host.pause(error);
      return undefined;
    }
  }

  private deliver(events: readonly StreamEvent[]): void {
    const cursor = this.#cursor;
    const first = events[0];
    const last = events[events.length - 1];
    if (!first || !last || last.seq <= cursor) return;
    const fresh = first.seq > cursor ? events : events.filter((event) => event.seq > cursor);
    this.reportGap(fresh[0]?.seq ?? 0);
    this.#cursor = last.seq;
    this.subscriber.events(fresh);
  }

  private reportGap(firstSeq: number): void {
    if (firstSeq <= this.#cursor + 1) return;
    this.subscriber.gap({ stream: this.stream, from: this.#cursor + 1, to: firstSeq - 1 });
    this.#cursor = firstSeq - 1;
  }

  private goLive(): void {
    this.#state = 'live';
    if (this.host.textSoFar(this.stream).length === 0) this.takeText();
    else setTimeout(() => this.takeText(), TEXT_DELAY_MS);
  }

  private takeText(): void {
    if (this.#state !== 'live') return;
    this.#takesText = true;
    for (const chunk of this.host.textSoFar(this.stream)) this.subscriber.chunk(chunk);
  }
}
