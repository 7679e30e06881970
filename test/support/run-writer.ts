import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { newId } from '../../src/common/ids/id.js';
import type { StreamChunk, StreamEvent } from '../../src/modules/streams/stream-event.js';
import { StreamHub } from '../../src/modules/streams/stream-hub.js';

export interface WrittenRun {
  readonly id: string;
  readonly stream: string;
  readonly streamId: number;
  readonly ownerId: string;
  readonly rootRunId: string;
  lastSeq: number;
}

const INSERT_RUN = `
  INSERT INTO runs (id, kind, program_version, user_id, parent_run_id, root_run_id, child_key, input, trace_id)
  VALUES ($1, 'test', 1, $2, $3, $4, $5, '{}', $1)`;
const INSERT_EVENTS = `
  INSERT INTO event_logs (stream, seq, name, payload, user_id, trace_id)
  SELECT $1, seq, name, payload::json, $2, $3 FROM unnest($4::integer[], $5::text[], $6::text[]) AS e (seq, name, payload)
  RETURNING created_at`;

/** Writes runs as their holder does: commits to the journal, then hands over to the hub of its process. */
export class RunWriter {
  private readonly database: DataSource;
  readonly hub: StreamHub;

  constructor(app: NestFastifyApplication) {
    this.database = app.get(DataSource);
    this.hub = app.get(StreamHub);
  }

  async create(ownerId: string, parent?: WrittenRun): Promise<WrittenRun> {
    const id = newId();
    const rootRunId = parent?.rootRunId ?? id;
    await this.database.query(INSERT_RUN, [id, ownerId, parent?.id ?? null, rootRunId, parent ? id : null]);
    const stream = `run:${id}`;
    const [row] = await this.database.query<{ id: string }[]>('INSERT INTO streams (name) VALUES ($1) RETURNING id', [
      stream,
    ]);
    return { id, stream, streamId: Number(row!.id), ownerId, rootRunId, lastSeq: 0 };
  }

  /** Commits and publishes events of these types. */
  async append(
    run: WrittenRun,
    types: readonly string[],
    data: Readonly<Record<string, unknown>> = {},
  ): Promise<StreamEvent[]> {
    const events = await this.commit(run, types, data);
    this.hub.publish(events);
    return events;
  }

  /** Commits without telling anybody. */
  async commit(
    run: WrittenRun,
    types: readonly string[],
    data: Readonly<Record<string, unknown>> = {},
  ): Promise<StreamEvent[]> {
    const seqs = types.map((_, index) => run.lastSeq + 1 + index);
    const payloads = seqs.map((seq, index) => {
      return JSON.stringify({ run_id: run.id, ...dataOf(types[index]!, seq), ...data });
    });
    run.lastSeq += types.length;
    const parameters = [run.streamId, run.ownerId, run.id, seqs, types, payloads];
    const [row] = await this.database.query<{ created_at: Date }[]>(INSERT_EVENTS, parameters);
    const shared = { ...this.of(run), at: row!.created_at, traceId: run.id.replaceAll('-', ''), projectId: null };
    return seqs.map((seq, index) => ({ ...shared, seq, type: types[index]!, payload: payloads[index]! }));
  }

  chunk(run: WrittenRun, offset: number, text: string, { step = 'node:1', attempt = 1 } = {}): void {
    const chunk: StreamChunk = { ...this.of(run), runId: run.id, step, attempt, offset, text };
    this.hub.publishChunk(chunk);
  }

  private of({ stream, streamId, ownerId, rootRunId }: WrittenRun) {
    return { stream, streamId, ownerId, rootRunId };
  }
}

/** What the catalogue wants beside the run. */
function dataOf(type: string, seq: number): object {
  return type === 'execution.step.completed' ? { key: `step:${seq}`, attempt: 1, duration_ms: 1 } : {};
}
