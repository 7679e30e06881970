import type { StreamEvent, StreamHead } from '../stream-event.js';
import type { StreamPosition, StreamSource } from '../stream-source.js';

/** A journal in memory. `delay` runs before each answer, and may throw in place of it. */
export class InMemoryStreamSource implements StreamSource {
  readonly #streams = new Map<
    string,
    { readonly streamId: number; firstSeq: number; readonly events: StreamEvent[] }
  >();

  constructor(private readonly delay: () => Promise<void> = () => Promise.resolve()) {}

  append(stream: string, count: number, of: Partial<StreamEvent> = {}): StreamEvent[] {
    const { streamId, events } = this.stream(stream);
    const firstSeq = (events.at(-1)?.seq ?? 0) + 1;
    const added = Array.from({ length: count }, (_, index) => event(stream, streamId, firstSeq + index, of));
    events.push(...added);
    return added;
  }

  /** As retention does. */
  cut(stream: string, firstSeq: number): void {
    const entry = this.stream(stream);
    entry.firstSeq = firstSeq;
    entry.events.splice(0, entry.events.length, ...entry.events.filter(({ seq }) => seq >= firstSeq));
  }

  events(stream: string): readonly StreamEvent[] {
    return this.stream(stream).events;
  }

  // Both answer what was there when they were asked, as a query's snapshot does, only later.
  async open(stream: string): Promise<StreamHead | undefined> {
    const entry = this.#streams.get(stream);
    const head = entry && {
      stream,
      streamId: entry.streamId,
      firstSeq: entry.firstSeq,
      lastSeq: entry.events.at(-1)?.seq ?? 0,
    };
    await this.delay();
    return head;
  }

  async read(positions: readonly StreamPosition[], limit: number): Promise<readonly StreamEvent[]> {
    const found = positions.flatMap(({ streamId, after }) => {
      const entry = [...this.#streams.values()].find((candidate) => candidate.streamId === streamId);
      return entry?.events.filter(({ seq }) => seq > after).slice(0, limit) ?? [];
    });
    await this.delay();
    return found;
  }

  private stream(stream: string) {
    const known = this.#streams.get(stream);
    if (known) return known;
    const created = { streamId: this.#streams.size + 1, firstSeq: 1, events: [] };
    this.#streams.set(stream, created);
    return created;
  }
}

function event(stream: string, streamId: number, seq: number, of: Partial<StreamEvent>): StreamEvent {
  const fixed = { stream, streamId, seq, type: 'execution.step.completed', payload: `{"n":${seq}}`, at: new Date(0) };
  return { ...fixed, traceId: '0'.repeat(32), ownerId: 'owner', projectId: null, rootRunId: null, ...of };
}
