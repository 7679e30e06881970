import { createParser } from 'eventsource-parser';
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
    return new SseReader(await fetch(url, { headers: all, signal: abort.signal }), abort);
  }

  get seqs(): number[] {
    return this.events.flatMap(({ envelope }) => envelope.seq ?? []);
  }

  close(): void {
    this.abort.abort();
  }

  private async read(): Promise<void> {
    const parser = createParser({
      onEvent: ({ id, event, data }) => this.events.push({ id, type: event, envelope: JSON.parse(data) as Envelope }),
    });
    const decoder = new TextDecoder();
    for await (const bytes of this.response.body ?? []) parser.feed(decoder.decode(bytes, { stream: true }));
  }
}
