import type { StreamEvent, StreamHead } from './stream-event.js';

export interface StreamPosition {
  readonly streamId: number;
  /** Exclusive. */
  readonly after: number;
}

/** What the hub needs of the journal. Implemented by `StreamReader`; in memory in the hub's own tests. */
export interface StreamSource {
  /** Undefined when there is no such stream. */
  open(stream: string): Promise<StreamHead | undefined>;

  /** Committed events after each position, ascending within a stream, at most `limit` of each stream. */
  read(positions: readonly StreamPosition[], limit: number): Promise<readonly StreamEvent[]>;
}
