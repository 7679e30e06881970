import { decodeNotice, encodeNotices, type NoticeItem } from './notice-codec.js';
import { NoticeOutbox } from './notice-outbox.js';
import type { NoticeTransport } from './notice-transport.js';
import type { StreamEvent } from './stream-event.js';

export type HintListener = (payload: string) => void;

/** Who acts on what other processes say. */
export interface NoticeReceiver {
  notice(item: Extract<NoticeItem, { kind: 'events' | 'step_ended' | 'text' }>): void;
  /** Something may have been missed: look. */
  poll(): void;
  /** Other processes came or went. */
  peersChanged(): void;
}

export interface StreamNoticesOptions {
  readonly onFault: (message: string, error: unknown) => void;
}

const MAX_PAYLOADS = 8;
const MAX_HINT_LENGTH = 1_000;
const POLL_MS = 1_000;
const POLLS_PER_PEER_CHECK = 10;

/**
 * Tells other processes what happened here, and hears from them. Notices go out one after the other, each with all that
 * gathered during the last: no timer, and no more of them than the database takes. A process that is alone sends none.
 */
export class StreamNotices {
  readonly #outbox = new NoticeOutbox();
  readonly #hintListeners = new Map<string, Set<HintListener>>();
  #receiver: NoticeReceiver | undefined;
  #peers = new Map<string, readonly string[]>();
  #sending: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ticks = 0;
  #isUp = false;
  #mayHaveMissed = false;

  constructor(
    private readonly transport: NoticeTransport,
    private readonly options: StreamNoticesOptions,
  ) {}

  async start(receiver: NoticeReceiver): Promise<void> {
    this.#receiver = receiver;
    this.#timer = setInterval(() => this.tick(), POLL_MS).unref();
    await this.transport.open({
      received: (payload) => this.received(payload),
      up: () => void this.up(),
      down: (error) => this.down(error),
    });
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#isUp && this.#peers.size > 0) this.add({ kind: 'bye' });
    await this.#sending;
    await this.transport.close();
  }

  /** Whether another process has that role. */
  hasPeer(role: string): boolean {
    for (const roles of this.#peers.values()) if (roles.includes(role)) return true;
    return false;
  }

  announce(events: readonly StreamEvent[]): void {
    if (!this.hasPeer('api')) return;
    for (const { streamId, seq, ownerId, rootRunId } of events) {
      this.#outbox.addEvents({ streamId, from: seq, to: seq, ownerId, rootRunId });
    }
    this.flush();
  }

  stepEnded(streamId: number, step: string, attempt: number): void {
    if (this.hasPeer('api')) this.add({ kind: 'step_ended', streamId, step, attempt });
  }

  textChanged(streamIds: Iterable<number>): void {
    if (this.hasPeer('api')) for (const streamId of streamIds) this.add({ kind: 'text', streamId });
  }

  /**
   * Says something to the other processes that they would find out by polling: `work` (a run is claimable), `intent`.
   * Never to this process itself.
   *
   * @param payload up to 1,000 characters
   */
  hint(name: string, payload = ''): void {
    if (payload.length > MAX_HINT_LENGTH) throw new RangeError(`A hint of ${payload.length} characters is too long`);
    if (this.#peers.size > 0) this.add({ kind: 'hint', name, payload });
  }

  onHint(name: string, listener: HintListener): () => void {
    const listeners = this.#hintListeners.get(name) ?? new Set();
    this.#hintListeners.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  private add(item: Exclude<NoticeItem, { kind: 'events' }>): void {
    this.#outbox.add(item);
    this.flush();
  }

  private flush(): void {
    this.#sending ??= this.send();
  }

  private async send(): Promise<void> {
    // What the same turn of the loop brings goes along.
    await Promise.resolve();
    while (!this.#outbox.isEmpty && this.#isUp) {
      try {
        await this.transport.send(encodeNotices(this.transport.processId, this.#outbox.takeAll(), MAX_PAYLOADS));
      } catch (error) {
        this.options.onFault('Sending a notice failed', error);
      }
    }
    this.#outbox.clear();
    this.#sending = undefined;
  }

  private received(payload: string): void {
    const notice = decodeNotice(payload);
    if (!notice || notice.sender === this.transport.processId) return;
    if (!this.#peers.has(notice.sender)) void this.checkPeers();
    for (const item of notice.items) this.act(item);
  }

  private act(item: NoticeItem): void {
    switch (item.kind) {
      case 'events':
      case 'step_ended':
      case 'text':
        return this.#receiver?.notice(item);
      case 'hint':
        return this.#hintListeners.get(item.name)?.forEach((listener) => listener(item.payload));
      case 'poll':
        return this.#receiver?.poll();
      case 'hello':
      case 'bye':
        return void this.checkPeers();
    }
  }

  /** Both sides of a greeting listen before they look, so at least one of two that start at once sees the other. */
  private async up(): Promise<void> {
    this.#isUp = true;
    await this.checkPeers();
    if (this.#peers.size === 0) return;
    this.add({ kind: 'hello' });
    // What was not sent while the connection was down.
    this.add({ kind: 'poll' });
  }

  private down(error: unknown): void {
    this.#isUp = false;
    this.#mayHaveMissed = true;
    this.options.onFault('The connection for notices is down', error);
  }

  private tick(): void {
    this.#ticks += 1;
    if (this.#peers.size > 0 || this.#mayHaveMissed) this.#receiver?.poll();
    if (this.#isUp) this.#mayHaveMissed = false;
    if (this.#peers.size > 0 && this.#ticks % POLLS_PER_PEER_CHECK === 0) void this.checkPeers();
  }

  private async checkPeers(): Promise<void> {
    try {
      const peers = await this.transport.peers();
      this.#peers = new Map(peers.map(({ id, roles }) => [id, roles]));
      this.#receiver?.peersChanged();
    } catch (error) {
      this.options.onFault('Looking for other processes failed', error);
    }
  }
}
