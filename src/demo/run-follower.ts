import { io, type Socket } from 'socket.io-client';
import { DemoError } from './demo.errors.js';
import type { Envelope, NodeProgress, RunEnd, RunProgress } from './run-progress.js';

export interface FollowerListener {
  /** Something about the run changed; `node` when it was about one. */
  changed(event: Envelope, node: NodeProgress | undefined): void;
  /** The server went away, or is there again. */
  connection(isUp: boolean): void;
}

interface Ack {
  readonly ok: boolean;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Follows a run over Socket.IO to its end, through lost connections and restarts of the server. */
export class RunFollower {
  private wasAway = false;

  constructor(
    private readonly stream: string,
    private readonly progress: RunProgress,
    private readonly listener: FollowerListener,
  ) {}

  async follow(url: string, token: string): Promise<RunEnd> {
    const socket = io(url, { auth: { token }, transports: ['websocket'], reconnectionDelayMax: 1_000 });
    try {
      return await this.untilEnd(socket);
    } finally {
      socket.close();
    }
  }

  private untilEnd(socket: Socket): Promise<RunEnd> {
    return new Promise((resolve, reject) => {
      socket.on('connect', () => void this.subscribe(socket).catch(reject));
      socket.on('connect_error', (error) => {
        // Refused, as opposed to not reached: trying again would change nothing.
        if (!socket.active) reject(new DemoError(`The socket was refused: ${error.message}`));
      });
      socket.on('disconnect', (reason) => this.onDisconnect(socket, reason));
      socket.onAny((_type: string, event: Envelope) => {
        this.apply(event);
        if (this.progress.end) resolve(this.progress.end);
      });
    });
  }

  /** Everything after the last event that was seen comes first, then what is new. */
  private async subscribe(socket: Socket): Promise<void> {
    const message = { stream: this.stream, after: this.progress.lastSeq };
    const ack = (await socket.timeout(10_000).emitWithAck('subscribe', message)) as Ack;
    if (!ack.ok) throw new DemoError(`The run cannot be followed: ${ack.error?.code} ${ack.error?.message}`);
    if (this.wasAway) this.listener.connection(true);
  }

  private apply(event: Envelope): void {
    if (event.stream !== this.stream) return;
    const { lastSeq } = this.progress;
    const node = this.progress.apply(event, performance.now());
    if (event.seq === undefined || this.progress.lastSeq > lastSeq) this.listener.changed(event, node);
  }

  private onDisconnect(socket: Socket, reason: string): void {
    if (reason === 'io client disconnect') return;
    this.wasAway = true;
    this.listener.connection(false);
    // A server that goes away in good order ends the socket, which then does not come back by itself.
    if (reason === 'io server disconnect') socket.connect();
  }
}
