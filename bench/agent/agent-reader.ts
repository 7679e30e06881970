import { io, type Socket } from 'socket.io-client';
import { Account } from '../support/account.js';
import { serveParent } from '../support/peer.js';
import type { Passage } from '../text/passage.js';

/** Below the 100 messages a second that are taken from a socket. */
const PER_USER = 50;

interface Envelope {
  readonly type: string;
  readonly stream?: string;
  readonly seq?: number;
  readonly data: { readonly text?: string; readonly offset?: number };
}

/** What one run's reader sees, which has to come without a gap and in order. */
class Reader {
  readonly ended: Promise<Passage>;
  private readonly startedAt = performance.now();
  private resolve: (passage: Passage) => void = () => undefined;
  private reject: (error: Error) => void = () => undefined;
  private characters = 0;
  private lastSeq = 0;
  private firstMs = Number.NaN;

  constructor(private readonly stream: string) {
    this.ended = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }

  hear({ type, seq, data }: Envelope): void {
    if (type === 'agent.token') return this.hearText(data.text ?? '', data.offset ?? 0);
    // What the user's room brought before comes again with the replay.
    if (seq === undefined || seq <= this.lastSeq) return;
    if (seq !== this.lastSeq + 1) this.reject(new Error(`${this.stream}: ${seq} after ${this.lastSeq}`));
    this.lastSeq = seq;
    if (type === 'execution.failed') this.reject(new Error(JSON.stringify(data)));
    if (type === 'execution.completed') this.resolve(this.passage());
  }

  private hearText(text: string, offset: number): void {
    if (offset !== this.characters)
      this.reject(new Error(`${this.stream}: text at ${offset} after ${this.characters}`));
    if (this.characters === 0) this.firstMs = performance.now() - this.startedAt;
    this.characters += text.length;
  }

  private passage(): Passage {
    return { firstMs: this.firstMs, lastMs: performance.now() - this.startedAt, characters: this.characters };
  }
}

async function connect(url: string, token: string): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true, auth: { token } });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  return socket;
}

interface Acknowledgement {
  readonly ok: boolean;
}

/** Starts agents by REST one after the other, and reads them over one connection, as a page with many of them would. */
async function readSome(user: Account, url: string, count: number): Promise<Passage[]> {
  const readers = new Map<string, Reader>();
  const readerOf = (stream: string): Reader => {
    const reader = readers.get(stream) ?? new Reader(stream);
    readers.set(stream, reader);
    return reader;
  };
  const socket = await connect(url, user.token);
  socket.onAny((_, envelope: Envelope) => envelope.stream && readerOf(envelope.stream).hear(envelope));
  for (let n = 0; n < count; n += 1) {
    const body = { instruction: 'Say it', wait_seconds: 0 };
    const { run_id: runId } = (await user.post('/agents/execute', body)) as { run_id: string };
    const stream = `run:${runId}`;
    const answer = (await socket.emitWithAck('subscribe', { stream, after: 0 })) as Acknowledgement;
    if (!answer.ok) throw new Error(`${stream}: ${JSON.stringify(answer)}`);
  }
  const read = await Promise.all([...readers.values()].map(({ ended }) => ended));
  socket.disconnect();
  return read;
}

async function readMany(url: string, count: number): Promise<Passage[]> {
  const sizes = Array.from({ length: Math.ceil(count / PER_USER) }, (_, n) => Math.min(PER_USER, count - n * PER_USER));
  const users = await Promise.all(sizes.map(() => Account.signUp(url)));
  const read = await Promise.all(users.map((user, n) => readSome(user, url, sizes[n] ?? 0)));
  return read.flat();
}

await serveParent(async (argument) => {
  const { url } = argument as { url: string };
  return {
    ready: null,
    answer: (count) => readMany(url, Number(count)),
    close: () => Promise.resolve(),
  };
});
