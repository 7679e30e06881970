import type { LiveStream } from './live-stream.js';
import type { StreamEvent } from './stream-event.js';
import type { StreamSource } from './stream-source.js';

const STREAMS_PER_READ = 200;
const EVENTS_PER_STREAM = 500;

export interface HoleFillerHost {
  readonly source: StreamSource;
  /** Events of one stream that follow on `after`. */
  filled(stream: LiveStream, events: readonly StreamEvent[], after: number): void;
  pause(error: unknown): Promise<void>;
}

/** Reads missing events from the journal: one query at a time, for all streams that gathered since the last one. */
export class HoleFiller {
  readonly #queue = new Set<LiveStream>();
  #running = false;

  constructor(private readonly host: HoleFillerHost) {}

  request(stream: LiveStream): void {
    this.#queue.add(stream);
    if (this.#running) return;
    this.#running = true;
    void this.run();
  }

  private async run(): Promise<void> {
    while (this.#queue.size > 0) {
      const batch = [...this.#queue].slice(0, STREAMS_PER_READ);
      for (const stream of batch) this.#queue.delete(stream);
      await this.fill(batch);
    }
    this.#running = false;
  }

  private async fill(batch: readonly LiveStream[]): Promise<void> {
    const positions = batch.map((stream) => ({ streamId: stream.streamId, after: stream.position }));
    try {
      const events = Map.groupBy(await this.host.source.read(positions, EVENTS_PER_STREAM), (event) => event.streamId);
      batch.forEach((stream, index) => this.settle(stream, events.get(stream.streamId), positions[index]?.after ?? 0));
    } catch (error) {
      await this.host.pause(error);
      for (const stream of batch) this.#queue.add(stream);
    }
  }

  private settle(stream: LiveStream, events: readonly StreamEvent[] | undefined, after: number): void {
    if (events) this.host.filled(stream, events, after);
    else if (stream.position === after) stream.forgetHole();
    if (stream.hasHole || (events?.length ?? 0) >= EVENTS_PER_STREAM) this.#queue.add(stream);
  }
}
