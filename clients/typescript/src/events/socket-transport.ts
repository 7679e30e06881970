import { io, type Socket } from 'socket.io-client';
import { TroupeError } from '../errors.js';
import type { TroupeEvent } from './event.js';
import type { Subscription } from './subscription.js';
import { Subscriptions } from './subscriptions.js';
import type { EventTransport, SubscribeOptions, TransportListener } from './transport.js';

const ANSWER_TIMEOUT_MS = 10_000;
const RETRY_MS = 500;
const MAX_RECONNECT_MS = 2_000;

interface Acknowledgement {
  readonly ok: boolean;
  readonly seq?: number;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface SocketTransportOptions {
  readonly url: string;
  readonly token: () => Promise<string | undefined>;
  readonly listener: TransportListener;
  /** How often the first connection may fail before another way is tried. */
  readonly onUnreachable: (failures: number) => void;
}

/** Socket.IO: websocket, else long polling; events come in batches. */
export class SocketTransport implements EventTransport {
  private readonly socket: Socket;
  private readonly subscriptions = new Subscriptions();
  private failures = 0;

  constructor(private readonly options: SocketTransportOptions) {
    const { token } = options;
    this.socket = io(options.url, {
      autoConnect: false,
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      withCredentials: true,
      reconnectionDelay: RETRY_MS,
      reconnectionDelayMax: MAX_RECONNECT_MS,
      auth: (answer) => void token().then((current) => answer({ token: current, batch: true })),
    });
    this.listen();
  }

  connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once('connect', resolve);
      this.socket.on('connect_error', (error) => {
        if (!this.socket.active) reject(refusal(error));
      });
      this.socket.connect();
    });
  }

  subscribe(stream: string, options: SubscribeOptions): Promise<void> {
    const subscription = this.subscriptions.add(stream, options);
    if (this.socket.connected) this.open(subscription);
    return subscription.opened;
  }

  unsubscribe(stream: string): void {
    this.subscriptions.remove(stream);
    if (this.socket.connected) this.socket.emit('unsubscribe', { stream });
  }

  close(): void {
    this.socket.close();
  }

  private listen(): void {
    const { listener } = this.options;
    this.socket.on('connect', () => {
      for (const subscription of this.subscriptions.all()) this.open(subscription);
      listener.connected();
    });
    this.socket.on('connect_error', (error) => this.onConnectError(error));
    this.socket.on('disconnect', (reason) => this.onDisconnect(reason));
    this.socket.onAny((_type: string, content: TroupeEvent | readonly TroupeEvent[]) => {
      for (const event of Array.isArray(content) ? content : [content]) this.received(event);
    });
  }

  private received(event: TroupeEvent): void {
    if (this.subscriptions.takes(event)) this.options.listener.event(event);
  }

  private onConnectError(error: Error): void {
    // Refused, as opposed to not reached: trying again would change nothing.
    if (!this.socket.active) return this.options.listener.ended(refusal(error));
    this.failures += 1;
    this.options.onUnreachable(this.failures);
  }

  private onDisconnect(reason: Socket.DisconnectReason): void {
    if (reason === 'io client disconnect') return;
    this.subscriptions.interrupt();
    this.options.listener.disconnected();
    // A server that ends the socket expects it back, but the socket would not come by itself.
    if (reason === 'io server disconnect') setTimeout(() => this.socket.connect(), RETRY_MS);
  }

  /** The answer comes before the replay and is taken at once: no event may overtake it. */
  private open(subscription: Subscription): void {
    const { stream, isTree } = subscription;
    const after = this.subscriptions.afterOf(subscription);
    const message = { stream, ...(after !== undefined && { after }), ...(isTree && { tree: true }) };
    this.socket.timeout(ANSWER_TIMEOUT_MS).emit('subscribe', message, (late: Error | null, answer: Acknowledgement) => {
      if (!this.subscriptions.has(subscription)) return;
      if (late) this.openAgain(subscription);
      else if (answer.ok) subscription.open(answer.seq ?? 0);
      else this.refused(subscription, answer.error);
    });
  }

  /** After a lost connection the next one opens it. */
  private openAgain(subscription: Subscription): void {
    if (this.socket.connected && !subscription.isOpen) this.open(subscription);
  }

  private refused(subscription: Subscription, error: Acknowledgement['error']): void {
    const { stream } = subscription;
    this.subscriptions.remove(stream);
    subscription.fail(new TroupeError(error?.code ?? 'REFUSED', error?.message ?? `${stream} was refused`));
    this.options.listener.event({ type: 'stream.revoked', data: { stream } });
  }
}

function refusal(error: Error): TroupeError {
  const code = 'data' in error ? (error.data as { readonly code?: string } | undefined)?.code : undefined;
  return new TroupeError(code ?? 'REFUSED', `The connection was refused: ${error.message}`, { cause: error });
}
