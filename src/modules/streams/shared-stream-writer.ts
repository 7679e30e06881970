import { DatabaseError } from 'pg';
import type { EntityManager } from 'typeorm';
import { BatchLane } from '../../common/batch-lane.js';
import { jsonArray, textArray, uuidArray } from '../../database/binary-array.js';
import type { DedicatedConnection, Statement } from '../../database/dedicated-connection.js';
import type { StreamEvent } from './stream-event.js';

/** An event for a stream with many writers: `user:<id>`, `group:<id>`, … */
export interface SharedEvent {
  readonly stream: string;
  readonly type: string;
  /** JSON text, ready to be stored. */
  readonly payload: string;
  readonly ownerId: string | null;
  readonly projectId?: string | null;
  readonly sessionId?: string | null;
  /** 32 hexadecimal digits. */
  readonly traceId: string;
}

type NumberedRow = [place: number, streamId: number, seq: number, at: number];

const APPEND_SHARED: Statement = {
  name: 'append_shared',
  text: 'SELECT place, stream_id, seq, at FROM append_shared($1, $2, $3, $4, $5, $6, $7)',
};

/** Data exceptions and constraints: one event is at fault, and not the database. */
const FAULT_OF_DATA = /^2[23]/;

/**
 * Appends to shared streams. The database numbers their events under the lock of the stream's row. They have a flush
 * lane of their own, so that a hot room does not delay runs.
 */
export class SharedStreamWriter {
  private readonly lane: BatchLane<readonly SharedEvent[], readonly StreamEvent[]>;

  /**
   * @param connection of this lane, and of nothing else
   * @param onCommitted told what `append` committed
   */
  constructor(
    private readonly connection: DedicatedConnection,
    private readonly onCommitted: (events: readonly StreamEvent[]) => void,
  ) {
    this.lane = new BatchLane({ flush: (items) => this.flush(items), isFaultOfItem: isFaultOfData });
  }

  /** Commits the events, all or none, in the order given; streams come into being with their first event. */
  append(events: readonly SharedEvent[]): Promise<readonly StreamEvent[]> {
    return events.length === 0 ? Promise.resolve([]) : this.lane.push(events);
  }

  /**
   * The same inside the caller's transaction, whose end others who write to these streams wait for. The caller
   * publishes the answer after its commit.
   */
  async appendIn(manager: EntityManager, events: readonly SharedEvent[]): Promise<readonly StreamEvent[]> {
    if (events.length === 0) return [];
    interface Row {
      readonly place: string;
      readonly stream_id: string;
      readonly seq: number;
      readonly at: number;
    }
    const rows = await manager.query<Row[]>(APPEND_SHARED.text, parameters(events));
    return number(
      events,
      rows.map(({ place, stream_id, seq, at }): NumberedRow => [Number(place), Number(stream_id), seq, at]),
    );
  }

  private async flush(items: ReadonlyArray<readonly SharedEvent[]>): Promise<ReadonlyArray<readonly StreamEvent[]>> {
    const rows = await this.connection.query<NumberedRow>(APPEND_SHARED, parameters(items.flat()));
    const committed = number(items.flat(), rows);
    this.onCommitted(committed);
    let next = 0;
    return items.map((events) => committed.slice(next, (next += events.length)));
  }
}

function parameters(events: readonly SharedEvent[]): Buffer[] {
  return [
    textArray(events.map(({ stream }) => stream)),
    textArray(events.map(({ type }) => type)),
    jsonArray(events.map(({ payload }) => payload)),
    uuidArray(events.map(({ ownerId }) => ownerId)),
    uuidArray(events.map(({ projectId }) => projectId ?? null)),
    uuidArray(events.map(({ sessionId }) => sessionId ?? null)),
    uuidArray(events.map(({ traceId }) => traceId)),
  ];
}

function number(events: readonly SharedEvent[], rows: readonly NumberedRow[]): StreamEvent[] {
  return rows.flatMap(([place, streamId, seq, at]) => {
    const event = events[place - 1];
    if (!event) return [];
    const { stream, type, payload, traceId, ownerId, projectId = null } = event;
    return { stream, streamId, seq, type, payload, at: new Date(at), traceId, ownerId, projectId, rootRunId: null };
  });
}

function isFaultOfData(error: unknown): boolean {
  return error instanceof DatabaseError && FAULT_OF_DATA.test(error.code ?? '');
}
