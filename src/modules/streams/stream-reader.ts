import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { StreamEvent, StreamHead } from './stream-event.js';
import { parseStreamName } from './stream-name.js';
import type { StreamPosition, StreamSource } from './stream-source.js';

interface HeadRow {
  readonly id: string;
  readonly first_seq: number;
  readonly last_seq: number;
}

interface EventRow {
  readonly stream_id: string;
  readonly stream: string;
  readonly seq: number;
  readonly name: string;
  readonly payload: string;
  readonly user_id: string | null;
  readonly project_id: string | null;
  readonly trace_id: string;
  readonly created_at: Date;
}

// The holder of a run numbers its events itself, so the row in `streams` may lag behind.
const HEAD = `
  SELECT s.id, s.first_seq,
    greatest(s.last_seq, coalesce((SELECT max(e.seq) FROM event_logs e WHERE e.stream = s.id), 0)) AS last_seq
  FROM streams s WHERE s.name = $1`;

const CREATE = 'INSERT INTO streams (name) VALUES ($1) ON CONFLICT (name) DO NOTHING';

const EVENTS = `
  SELECT p.stream AS stream_id, s.name AS stream, e.seq, e.name, e.payload::text AS payload, e.user_id, e.project_id,
    replace(e.trace_id::text, '-', '') AS trace_id, e.created_at
  FROM unnest($1::bigint[], $2::integer[]) AS p (stream, after)
  JOIN streams s ON s.id = p.stream
  CROSS JOIN LATERAL (
    SELECT * FROM event_logs l WHERE l.stream = p.stream AND l.seq > p.after ORDER BY l.seq LIMIT $3
  ) e
  ORDER BY p.stream, e.seq`;

/** Reads what is committed, of any stream. Who may read is asked elsewhere: `StreamAccess`. */
@Injectable()
export class StreamReader implements StreamSource {
  constructor(private readonly database: DataSource) {}

  /** A run's stream begins with the run; the others may be followed before anything was written to them. */
  async open(stream: string): Promise<StreamHead | undefined> {
    const found = await this.head(stream);
    if (found || parseStreamName(stream)?.kind === 'run') return found;
    await this.database.query(CREATE, [stream]);
    return this.head(stream);
  }

  async read(positions: readonly StreamPosition[], limit: number): Promise<readonly StreamEvent[]> {
    const ids = positions.map(({ streamId }) => streamId);
    const afters = positions.map(({ after }) => after);
    const rows = await this.database.query<EventRow[]>(EVENTS, [ids, afters, limit]);
    return rows.map(toEvent);
  }

  private async head(stream: string): Promise<StreamHead | undefined> {
    const [row] = await this.database.query<HeadRow[]>(HEAD, [stream]);
    return row && { stream, streamId: Number(row.id), firstSeq: row.first_seq, lastSeq: row.last_seq };
  }
}

function toEvent(row: EventRow): StreamEvent {
  return {
    stream: row.stream,
    streamId: Number(row.stream_id),
    seq: row.seq,
    type: row.name,
    payload: row.payload,
    at: row.created_at,
    traceId: row.trace_id,
    ownerId: row.user_id,
    projectId: row.project_id,
    rootRunId: null,
  };
}
