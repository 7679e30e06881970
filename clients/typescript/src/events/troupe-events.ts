import { TroupeError } from '../errors.js';
import { Arrivals } from './arrivals.js';
import type { EventListener, EventType, TroupeEvent } from './event.js';
import { Listeners } from './listeners.js';
import { SocketTransport } from './socket-transport.js';
import { SseTransport } from './sse-transport.js';
import type { EventTransport, SubscribeOptions, TransportListener } from './transport.js';

export type { SubscribeOptions } from './transport.js';

/** `ended`: the server refuses the token; connect again with another one. */
export type ConnectionState = 'connected' | 'disconnected' | 'ended';

export interface TroupeEventsOptions {
  readonly url: string;
  readonly token: () => Promise<string | undefined>;
}

/** Failed connections after which a server that can be reached is asked for server-sent events instead. */
const SOCKET_FAILURES = 3;

/** What happens on the server, typed, in order and without gaps, through lost connections. */
export class TroupeEvents {
  private readonly listeners = new Listeners();
  private readonly stateListeners = new Set<(state: ConnectionState) => void>();
  private transport: EventTransport | undefined;

  constructor(private readonly options: TroupeEventsOptions) {}

  /**
   * Connects, over Socket.IO unless told otherwise or when only server-sent events get through.
   * @throws {TroupeError} when the server refuses the token
   */
  async connect({ transport = 'auto' }: { transport?: 'auto' | 'socket' | 'sse' } = {}): Promise<void> {
    this.close();
    if (transport === 'sse') return this.use(this.serverSentEvents());
    await new Promise<void>((resolve, reject) => {
      const fallBack = (): void => void this.use(this.serverSentEvents()).then(resolve, reject);
      const socket: SocketTransport = this.socket((failures) => {
        if (transport === 'auto' && failures % SOCKET_FAILURES === 0) void this.unlessDown(socket, fallBack);
      });
      this.use(socket).then(resolve, reject);
    });
  }

  /** @returns how to stop listening */
  on<T extends EventType>(type: T, listener: EventListener<T>): () => void {
    return this.listeners.add(type, listener);
  }

  onAny(listener: EventListener): () => void {
    return this.listeners.add('*', listener);
  }

  onState(listener: (state: ConnectionState) => void): () => void {
    this.stateListeners.add(listener);
    return () => void this.stateListeners.delete(listener);
  }

  /**
   * Follows a stream (`run:<id>`, `group:<id>`, …) until `unsubscribe`.
   * @throws {TroupeError} `STREAM_NOT_FOUND` when it is not there or not yours
   */
  subscribe(stream: string, options: SubscribeOptions = {}): Promise<void> {
    if (!this.transport) throw new TroupeError('NOT_CONNECTED', 'Connect first');
    return this.transport.subscribe(stream, options);
  }

  unsubscribe(stream: string): void {
    this.transport?.unsubscribe(stream);
  }

  /**
   * The events of a stream one after the other; those of a run end with its last event.
   * @throws {TroupeError} when the stream may not be read, or no longer
   */
  async *follow(stream: string, options: SubscribeOptions = { after: 0 }): AsyncGenerator<TroupeEvent> {
    const arrived = new Arrivals(stream);
    const stops = [
      this.onAny((event) => arrived.add(event)),
      this.onState((state) => state === 'ended' && arrived.fail('ENDED', 'The server refuses the token')),
    ];
    try {
      await this.subscribe(stream, options);
      yield* arrived.read();
    } finally {
      for (const stop of stops) stop();
      this.unsubscribe(stream);
    }
  }

  close(): void {
    this.transport?.close();
    this.transport = undefined;
  }

  private use(transport: EventTransport): Promise<void> {
    this.transport = transport;
    return transport.connect();
  }

  private socket(onUnreachable: (failures: number) => void): SocketTransport {
    return new SocketTransport({ ...this.options, listener: this.listener(), onUnreachable });
  }

  private serverSentEvents(): SseTransport {
    return new SseTransport({ ...this.options, listener: this.listener() });
  }

  private listener(): TransportListener {
    return {
      event: (event) => this.listeners.emit(event),
      connected: () => this.tell('connected'),
      disconnected: () => this.tell('disconnected'),
      ended: () => this.tell('ended'),
    };
  }

  private tell(state: ConnectionState): void {
    for (const listener of this.stateListeners) listener(state);
  }

  /** A server that is away altogether is waited for. */
  private async unlessDown(socket: SocketTransport, fallBack: () => void): Promise<void> {
    const isUp = await fetch(`${this.options.url}/api/v1/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (!isUp || this.transport !== socket) return;
    socket.close();
    fallBack();
  }
}
