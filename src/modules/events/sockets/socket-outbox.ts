import type { Socket } from 'socket.io';
import type { OutItem } from './out-item.js';
import { OutQueue } from './out-queue.js';
import type { Packet } from './packet.js';

/** What the outbox needs of an engine.io connection. */
export interface SocketConnection {
  readonly transport: { readonly name: string };
  write(text: string, options: object): unknown;
  on(event: 'drain', listener: () => void): unknown;
}

export interface OutboxLimits {
  /** What engine.io and the kernel are given at a time, in bytes. */
  readonly inFlightBytes: number;
  /** What may wait for a reader that does not keep up, in characters. Beyond, it is given up. */
  readonly queueSize: number;
}

export const OUTBOX_LIMITS: OutboxLimits = { inFlightBytes: 256 * 1024, queueSize: 4 * 1024 * 1024 };

/** Some clients drop a poll with more than 16 packets; pings and acknowledgements take some, too. */
const PACKETS_PER_POLL = 12;
const BATCH_SIZE = 64 * 1024;

export interface OutboxOptions {
  readonly limits: OutboxLimits;
  /** Set for sockets in batch mode: makes one packet of many items. */
  readonly batch?: {
    readonly encode: (items: readonly OutItem[]) => Packet;
    readonly schedule: (outbox: SocketOutbox) => void;
  };
  /** The reader is too slow: the outbox is to be closed. */
  readonly onSlow: () => void;
}

/**
 * The way out to one socket. Packets go straight to the connection while it takes them; what it cannot take waits here,
 * bounded, with chunks joined.
 */
export class SocketOutbox {
  readonly #queue = new OutQueue();
  /** Handed to engine.io since it last passed everything on to the transport. */
  #inFlightBytes = 0;
  #inFlightPackets = 0;
  readonly #waiting: (() => void)[] = [];
  readonly #waitingForEmpty: (() => void)[] = [];
  #isClosed = false;

  constructor(
    private readonly connection: SocketConnection,
    private readonly options: OutboxOptions,
  ) {
    connection.on('drain', () => this.drained());
  }

  push(item: OutItem): void {
    if (this.#isClosed) return;
    if (this.options.batch) return this.enqueue(item, this.options.batch.schedule);
    if (this.#queue.isEmpty && !this.isFull) return this.write(item.packet);
    this.enqueue(item);
  }

  /** Sends what is queued, as far as the connection takes it. */
  flush(): void {
    while (!this.#queue.isEmpty && !this.isFull && !this.#isClosed) this.write(this.nextPacket());
    if (this.#queue.size < this.options.limits.inFlightBytes) resolveAll(this.#waiting);
    if (this.#queue.isEmpty) resolveAll(this.#waitingForEmpty);
  }

  /** Resolves when a replay may go on; absent: at once. */
  ready(): Promise<void> | undefined {
    if (this.#isClosed || (this.#queue.size < this.options.limits.inFlightBytes && !this.isFull)) return undefined;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Resolves when nothing is queued any more; absent: at once. What is sent by other ways then comes after it. */
  emptied(): Promise<void> | undefined {
    this.flush();
    if (this.#queue.isEmpty || this.#isClosed) return undefined;
    return new Promise((resolve) => this.#waitingForEmpty.push(resolve));
  }

  /** Sends one more thing past everything that waits, which is dropped. */
  closeWith(item: OutItem | undefined): void {
    if (this.#isClosed) return;
    if (item) this.write(this.options.batch ? this.options.batch.encode([item]) : item.packet);
    this.#isClosed = true;
    this.#queue.clear();
    resolveAll(this.#waiting);
    resolveAll(this.#waitingForEmpty);
  }

  private get isFull(): boolean {
    if (this.#inFlightBytes >= this.options.limits.inFlightBytes) return true;
    return this.#inFlightPackets >= PACKETS_PER_POLL && this.connection.transport.name === 'polling';
  }

  private enqueue(item: OutItem, schedule?: (outbox: SocketOutbox) => void): void {
    this.#queue.push(item);
    if (this.#queue.size > this.options.limits.queueSize && this.isFull) return this.options.onSlow();
    schedule?.(this);
  }

  private nextPacket(): Packet {
    const { batch } = this.options;
    if (batch) return batch.encode(this.#queue.take(BATCH_SIZE));
    const [item] = this.#queue.take(1);
    if (!item) throw new Error('The queue is empty');
    return item.packet;
  }

  private write(packet: Packet): void {
    // Counted first: the connection may pass it on, and say so, before `write` returns.
    this.#inFlightBytes += packet.sizeBytes;
    this.#inFlightPackets += 1;
    this.connection.write(packet.text, packet.options);
  }

  private drained(): void {
    this.#inFlightBytes = 0;
    this.#inFlightPackets = 0;
    if (!this.#queue.isEmpty || this.#waiting.length > 0) this.flush();
  }
}

function resolveAll(waiting: (() => void)[]): void {
  for (const resolve of waiting.splice(0)) resolve();
}

/** engine.io takes pre-encoded frames without saying so in its types. */
export function connectionOf(socket: Socket): SocketConnection {
  return socket.conn;
}
