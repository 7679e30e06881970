import { eventContract } from './contract/contract.js';
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client';

export interface Envelope {
  readonly type: string;
  readonly data: Record<string, unknown>;
  readonly stream?: string;
  readonly seq?: number;
  readonly at?: string;
  readonly trace_id?: string;
}

export interface Ack {
  readonly ok: boolean;
  readonly stream?: string;
  readonly seq?: number;
  readonly error?: {
    readonly code: string;
    readonly message: string;
    readonly errors?: readonly { path: string; code: string }[];
  };
}

/** A Socket.IO client that keeps all envelopes it gets, in order. */
export class SocketReader {
  readonly envelopes: Envelope[] = [];
  readonly batches: number[] = [];
  readonly socket: Socket;
  /** The first envelope that was not as the catalogue says. */
  private fault: unknown;
  private readonly waiters = new Set<() => void>();

  constructor(url: string, token: string, options: Partial<ManagerOptions & SocketOptions> = {}) {
    const auth = { token, ...(options.auth as object) };
    this.socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, ...options, auth });
    this.socket.onAny((type: string, content: Envelope | Envelope[]) => this.received(type, content));
    this.socket.on('disconnect', () => this.wake());
  }

  static async connect(
    url: string,
    token: string,
    options: Partial<ManagerOptions & SocketOptions> = {},
  ): Promise<SocketReader> {
    const reader = new SocketReader(url, token, options);
    await reader.until(() => reader.of('connection.ready').length > 0);
    return reader;
  }

  send(name: string, data?: unknown): Promise<Ack> {
    return this.socket.timeout(10_000).emitWithAck(name, data) as Promise<Ack>;
  }

  subscribe(stream: string, more: Record<string, unknown> = {}): Promise<Ack> {
    return this.send('subscribe', { stream, ...more });
  }

  of(type: string): Envelope[] {
    return this.envelopes.filter((envelope) => envelope.type === type);
  }

  seqs(stream: string): number[] {
    return this.envelopes.flatMap((envelope) => (envelope.stream === stream ? (envelope.seq ?? []) : []));
  }

  async until(condition: () => boolean, timeoutMs = 10_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (!condition()) {
      if (this.fault) throw this.fault;
      if (performance.now() > deadline)
        throw new Error(`Nothing came of it; last: ${JSON.stringify(this.envelopes.slice(-3))}`);
      await new Promise<void>((resolve) => {
        this.waiters.add(resolve);
        setTimeout(resolve, 50);
      });
    }
  }

  /** @throws {Error} when anything that came was not as the catalogue says */
  close(): void {
    this.socket.disconnect();
    if (this.fault) throw this.fault;
  }

  private received(type: string, content: Envelope | Envelope[]): void {
    if (Array.isArray(content)) this.batches.push(content.length);
    if (!Array.isArray(content) && content.type !== type) throw new Error(`${content.type} came as ${type}`);
    for (const envelope of [content].flat()) this.keep(envelope);
    this.wake();
  }

  private keep(envelope: Envelope): void {
    try {
      eventContract().check(envelope);
    } catch (error) {
      // An error thrown at the socket would not reach the test.
      this.fault ??= error;
    }
    this.envelopes.push(envelope);
  }

  private wake(): void {
    for (const waiter of this.waiters) waiter();
    this.waiters.clear();
  }
}
