import { TroupeError } from '../errors.js';
import { type TroupeEvent, endsStream } from './event.js';
import { readEventStream } from './read-event-stream.js';
import { StreamCursor } from './stream-cursor.js';
import type { EventTransport, SubscribeOptions, TransportListener } from './transport.js';

const RETRY_MS = 1_000;
const PAGE_SIZE = 1_000;

export interface SseTransportOptions {
  readonly url: string;
  readonly token: () => Promise<string | undefined>;
  readonly listener: TransportListener;
}

interface Following {
  readonly stream: string;
  readonly cursor: StreamCursor;
  readonly abort: AbortController;
}

type Outcome = 'over' | 'again';

/** Server-sent events, one request per stream: for networks that let nothing else through. Knows no trees. */
export class SseTransport implements EventTransport {
  private readonly followed = new Map<string, Following>();

  constructor(private readonly options: SseTransportOptions) {}

  async connect(): Promise<void> {
    this.options.listener.connected();
  }

  async subscribe(stream: string, { after, tree }: SubscribeOptions): Promise<void> {
    if (tree) throw new TroupeError('TREE_NEEDS_SOCKET', 'Trees of runs can be followed over Socket.IO only');
    this.unsubscribe(stream);
    const abort = new AbortController();
    const last = after ?? (await untilReached(abort.signal, () => this.lastSeq(stream)));
    const following: Following = { stream, cursor: new StreamCursor(last), abort };
    this.followed.set(stream, following);
    const first = await untilReached(abort.signal, () => this.request(following));
    void this.follow(following, first);
  }

  unsubscribe(stream: string): void {
    this.followed.get(stream)?.abort.abort();
    this.followed.delete(stream);
  }

  close(): void {
    for (const { abort } of this.followed.values()) abort.abort();
    this.followed.clear();
  }

  private async follow(following: Following, first: Response): Promise<void> {
    const { listener } = this.options;
    try {
      for (let response = first; (await this.read(following, response)) === 'again';) {
        listener.disconnected();
        await pause();
        response = await untilReached(following.abort.signal, () => this.request(following));
        listener.connected();
      }
      this.followed.delete(following.stream);
    } catch (error) {
      this.refused(following, error as Error);
    }
  }

  /** @throws {TroupeError} when the server has refused it for good */
  private async request({ stream, cursor, abort }: Following): Promise<Response> {
    const response = await this.get(`stream=${encodeURIComponent(stream)}`, abort.signal, {
      accept: 'text/event-stream',
      'last-event-id': String(cursor.after),
    });
    if (response.ok) return response;
    const { code, detail } = (await response.json()) as { readonly code: string; readonly detail: string };
    throw new TroupeError(code, detail);
  }

  private async read(following: Following, response: Response): Promise<Outcome> {
    if (response.status === 204) return 'over';
    try {
      for await (const event of readEventStream(response)) if (this.received(following, event)) return 'over';
    } catch {
      // The connection broke: what was missed comes with the next one.
    }
    return following.abort.signal.aborted ? 'over' : 'again';
  }

  /** @returns whether it was the last one */
  private received({ cursor }: Following, event: TroupeEvent): boolean {
    if (event.type === 'stream.gap') cursor.skipTo(event.data.to);
    if (event.seq !== undefined && !cursor.takesNext(event.seq)) return false;
    this.options.listener.event(event);
    return endsStream(event) || event.type === 'stream.revoked';
  }

  private refused({ stream, abort }: Following, error: Error): void {
    if (abort.signal.aborted) return;
    this.unsubscribe(stream);
    if (!(error instanceof TroupeError) || error.code !== 'STREAM_NOT_FOUND') return this.options.listener.ended(error);
    this.options.listener.event({ type: 'stream.revoked', data: { stream } });
  }

  private async lastSeq(stream: string): Promise<number> {
    for (let after = 0; ;) {
      const query = `stream=${encodeURIComponent(stream)}&after=${after}&limit=${PAGE_SIZE}`;
      const response = await this.get(query, undefined, { accept: 'application/json' });
      const page = (await response.json()) as { next_after: number; has_more: boolean; code: string; detail: string };
      if (!response.ok) throw new TroupeError(page.code, page.detail);
      if (!page.has_more) return page.next_after;
      after = page.next_after;
    }
  }

  private async get(
    query: string,
    signal: AbortSignal | undefined,
    headers: Record<string, string>,
  ): Promise<Response> {
    const token = await this.options.token();
    return fetch(`${this.options.url}/api/v1/events?${query}`, {
      headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      credentials: 'include',
      ...(signal && { signal }),
    });
  }
}

const FINAL: ReadonlySet<string> = new Set([
  'STREAM_NOT_FOUND',
  'INVALID_INPUT',
  'UNAUTHORIZED',
  'TOKEN_EXPIRED',
  'SESSION_ENDED',
  'WRONG_REALM',
]);

/** A server that is away, or busy, is asked again; one that refuses is not. */
async function untilReached<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || (error instanceof TroupeError && FINAL.has(error.code))) throw error;
    }
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, RETRY_MS));
}
