import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { int4Array, int8Array, jsonArray, textArray, uuidArray } from '../../src/database/binary-array.js';
import type { BenchDatabase } from '../support/bench-database.js';
import { makeState } from './state.js';
import type { Subject } from './subject.js';
import { STEPS_PER_RUN } from './ten-steps.js';

interface Row {
  readonly stream: number;
  readonly seq: number;
  readonly name: string;
  readonly payload: string;
  readonly record: string | null;
  readonly user: string;
}

const CREATE = `CREATE TABLE bare_events (stream bigint, seq integer, name text, payload json, record json, user_id uuid,
  project_id uuid, session_id uuid, trace_id uuid, created_at timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (stream, seq))`;
const INSERT = `INSERT INTO bare_events (stream, seq, name, payload, record, user_id, trace_id)
SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::json[], $5::json[], $6::uuid[], $7::uuid[])`;

/**
 * The floor: the rows that a run leaves in the journal, each awaited before the next, everything that gathered during
 * one commit inserted by the next. No queue, no run, no replay, no fence.
 */
export class BareSubject implements Subject {
  readonly name = 'bare loop';
  private waiting: { readonly row: Row; readonly done: () => void }[] = [];
  private isBusy = false;
  private runs = 0;

  private constructor(private readonly client: Client) {}

  static async start({ url }: BenchDatabase): Promise<BareSubject> {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(CREATE);
    return new BareSubject(client);
  }

  async runOnce(): Promise<void> {
    const stream = (this.runs += 1);
    const user = uuidv7();
    const payload = JSON.stringify({ run_id: user });
    const state = makeState(0, stream);
    const add = (seq: number, name: string, text: string, record: string | null): Promise<void> =>
      this.insert({ stream, seq, name, payload: text, record, user });
    await add(1, 'execution.started', payload, null);
    for (let round = 1; round <= STEPS_PER_RUN; round += 1) {
      const key = `step:${round}`;
      const step = JSON.stringify({ run_id: user, key, attempt: 1, duration_ms: 0 });
      await add(round + 1, 'execution.step.completed', step, JSON.stringify({ k: key, v: { ...state, round } }));
    }
    await add(STEPS_PER_RUN + 2, 'execution.completed', JSON.stringify({ run_id: user, output: state }), null);
  }

  async close(): Promise<void> {
    await this.client.query('DROP TABLE bare_events');
    await this.client.end();
  }

  private insert(row: Row): Promise<void> {
    return new Promise((done) => {
      this.waiting.push({ row, done });
      if (this.isBusy) return;
      this.isBusy = true;
      setImmediate(() => void this.flushAll());
    });
  }

  private async flushAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0);
      await this.client.query({ name: 'insert', text: INSERT, values: parameters(batch.map(({ row }) => row)) });
      for (const { done } of batch) done();
      await new Promise(setImmediate);
    }
    this.isBusy = false;
  }
}

function parameters(rows: readonly Row[]): Buffer[] {
  return [
    int8Array(rows.map(({ stream }) => stream)),
    int4Array(rows.map(({ seq }) => seq)),
    textArray(rows.map(({ name }) => name)),
    jsonArray(rows.map(({ payload }) => payload)),
    jsonArray(rows.map(({ record }) => record)),
    uuidArray(rows.map(({ user }) => user)),
    uuidArray(rows.map(({ user }) => user)),
  ];
}
