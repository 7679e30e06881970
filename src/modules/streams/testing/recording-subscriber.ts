import type { StreamChunk, StreamEvent, StreamGap } from '../stream-event.js';
import type { StreamSubscriber } from '../stream-subscriber.js';

/** Keeps what it is given. */
export class RecordingSubscriber implements StreamSubscriber {
  readonly received: StreamEvent[] = [];
  readonly chunks: StreamChunk[] = [];
  readonly gaps: StreamGap[] = [];

  get seqs(): number[] {
    return this.received.map(({ seq }) => seq);
  }

  events(events: readonly StreamEvent[]): void {
    this.received.push(...events);
  }

  chunk(chunk: StreamChunk): void {
    this.chunks.push(chunk);
  }

  gap(gap: StreamGap): void {
    this.gaps.push(gap);
  }

  ready(): undefined {
    return undefined;
  }
}
