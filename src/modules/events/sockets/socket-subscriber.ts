import type { StreamChunk, StreamEvent, StreamGap } from '../../streams/stream-event.js';
import type { StreamSubscriber } from '../../streams/stream-subscriber.js';
import { OutItem } from './out-item.js';
import type { SocketOutbox } from './socket-outbox.js';

/** Passes what a subscription delivers on to a socket. */
export class SocketSubscriber implements StreamSubscriber {
  constructor(private readonly outbox: SocketOutbox) {}

  events(events: readonly StreamEvent[]): void {
    for (const event of events) this.outbox.push(OutItem.ofEvent(event));
  }

  chunk(chunk: StreamChunk): void {
    this.outbox.push(OutItem.ofChunk(chunk));
  }

  gap({ stream, from, to }: StreamGap): void {
    this.outbox.push(OutItem.ofNotice('stream.gap', { stream, from, to }));
  }

  ready(): Promise<void> | undefined {
    return this.outbox.ready();
  }
}
