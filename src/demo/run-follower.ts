import { io, type Socket } from 'socket.io-client';
import { DemoError } from './demo.errors.js';
import type { Envelope, NodeProgress, RunProgress } from './run-progress.js';

export interface FollowerListener {
  started(runId: string): void;
  /** Something about the run changed; `node` when it was about one. */
  changed(event: Envelope, node: NodeProgress | undefined): void;
  /** The server went away, or is there again. */
  connection(isUp: boolean): void;
}

interface Ack {
  readonly ok: boolean;
  readonly run_id?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

/** Starts a run over Socket.IO and follows it to its end, through lost connections and restarts of the server. */
export class RunFollower {
  private runId: string | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly progress: RunProgress,
    private readonly listener: FollowerListener,
  ) {}

  static connect(url: string, token: string, progress: RunProgress, listener: FollowerListener): RunFollower {
    const socket = io(url, { auth: { token }, transports: ['websocket'], reconnectionDelayMax: 1_000 });
    return new RunFollower(socket, progress, listener);
  }

  async run(request: object): Promise<void> {
    try {
      await this.untilEnd(request);
    } finally {
      this.socket.close();
    }
  }

  private untilEnd(request: object): Promise<void> {
    return new Promise((resolve, reject) => {
      const orFail = (work: Promise<void>) => void work.catch(reject);
      this.socket.on('connect', () => orFail(this.runId === undefined ? this.start(request) : this.resume()));
      this.socket.on('connect_error', (error) => this.onConnectError(error, reject));
      this.socket.on('disconnect', (reason) => this.onDisconnect(reason));
      this.socket.onAny((_type: string, event: Envelope) => {
        this.apply(event);
        if (this.progress.end) resolve();
      });
    });
  }

  private async start(request: object): Promise<void> {
    const { run_id: runId } = await this.ask('execution.start', request);
    if (runId === undefined) throw new DemoError('The server started a run and did not say which.');
    this.runId = runId;
    this.listener.started(runId);
  }

  /** Everything after the last event that was seen comes first, then what is new. */
  private async resume(): Promise<void> {
    this.listener.connection(true);
    await this.ask('subscribe', { stream: `run:${this.runId}`, after: this.progress.lastSeq });
  }

  private async ask(name: string, message: object): Promise<Ack> {
    const ack = (await this.socket.timeout(10_000).emitWithAck(name, message)) as Ack;
    if (!ack.ok) throw new DemoError(`${name} was refused: ${ack.error?.code} ${ack.error?.message}`);
    return ack;
  }

  private apply(event: Envelope): void {
    if (this.runId === undefined || event.stream !== `run:${this.runId}`) return;
    const { lastSeq } = this.progress;
    const node = this.progress.apply(event, performance.now());
    if (event.seq === undefined || this.progress.lastSeq > lastSeq) this.listener.changed(event, node);
  }

  private onConnectError(error: Error, reject: (error: Error) => void): void {
    // Refused, as opposed to not reached: trying again would change nothing.
    if (!this.socket.active) reject(new DemoError(`The socket was refused: ${error.message}`));
  }

  private onDisconnect(reason: string): void {
    if (reason === 'io client disconnect' || this.progress.end) return;
    this.listener.connection(false);
    // A server that goes away in good order ends the socket, which then does not come back by itself.
    if (reason === 'io server disconnect') this.socket.connect();
  }
}
