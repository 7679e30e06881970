import { createParser } from 'eventsource-parser';
import { apiContract, eventContract } from './contract/contract.js';
import type { Envelope } from './socket-reader.js';

export interface SseEvent {
  readonly id: string | undefined;
  readonly type: string | undefined;
  readonly envelope: Envelope;
}

/** One request for server-sent events. */
export class SseReader {
  readonly events: SseEvent[] = [];
  readonly ended: Promise<void>;
  private fault: unknown;
  private readonly abort = new AbortController();

  private constructor(
    readonly response: Response,
    abort: AbortController,
  ) {
    this.abort = abort;
    this.ended = this.read().catch(() => undefined);
  }

  static async open(url: string, token: string, headers: Record<string, string> = {}): Promise<SseReader> {
    const abort = new AbortController();
    const all = { accept: 'text/event-stream', authorization: `Bearer ${token}`, ...headers };
    const response = await fetch(url, { headers: all, signal: abort.signal });
    const contentType = response.headers.get('content-type');
    apiContract().check('GET', url, { status: response.status, contentType, text: undefined });
    return new SseReader(response, abort);
  }

  get seqs(): number[] {
    return this.events.flatMap(({ envelope }) => envelope.seq ?? []);
  }

  /** @throws {Error} when anything that came was not as the catalogue says */
  close(): void {
    this.abort.abort();
    if (this.fault) throw this.fault;
  }

  private received(id: string | undefined, type: string | undefined, envelope: Envelope): void {
    this.events.push({ id, type, envelope });
    try {
      eventContract().check(envelope);
    } catch (error) {
      this.fault ??= error;
    }
  }

  private async read(): Promise<void> {
    const parser = createParser({
      onEvent: ({ id, event, data }) => this.received(id, event, JSON.parse(data) as Envelope),
    });
    const decoder = new TextDecoder();
    for await (const bytes of this.response.body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
  }
}
