import { median } from '../support/median.js';
import type { RoomSite } from './room-site.js';

/** What a turn of a conversation takes. */
export interface TurnFigures {
  readonly promptTokens: number;
  readonly rows: number;
  readonly journalBytes: number;
  readonly p50Ms: number;
  readonly cpuMs: number;
}

interface Written {
  readonly rows: number;
  readonly bytes: number;
}

const SAYING = 'What one says in a room is rarely longer than this, and as rarely is it shorter. '.repeat(4);

/** Said before, by turns that have ended; the Orchestrator has heard it all, but for the last, as it does by and by. */
const FILL = `INSERT INTO group_messages
    (id, created_at, group_id, seq, sender_kind, sender_alias, content, mentions, tokens)
  SELECT gen_random_uuid(), now(), $1, n, 'user', 'Eve', $4, '{}', ceil(length($4) / 4.0)
  FROM generate_series($2::integer, $3::integer) n`;
const PLACE = `UPDATE groups SET last_seq = $2 WHERE id = $1`;
const SUMMARY = `UPDATE group_members SET summary = $3, summarized_to = $2 WHERE group_id = $1 AND kind = 'agent'`;
const WRITTEN = `SELECT (SELECT count(*) FROM event_logs) + (SELECT count(*) FROM runs) + (SELECT count(*) FROM group_messages)
    + (SELECT count(*) FROM group_turns) AS rows,
  (SELECT coalesce(sum(octet_length(payload::text) + coalesce(octet_length(record::text), 0)), 0) FROM event_logs) AS bytes`;

/** Fills a room up to a message. */
export async function fillRoom({ database: { dataSource } }: RoomSite, room: string, to: number): Promise<void> {
  const [{ last }] = await dataSource.query<[{ last: number }]>('SELECT last_seq AS last FROM groups WHERE id = $1', [
    room,
  ]);
  await dataSource.query(FILL, [room, last + 1, to, SAYING]);
  await dataSource.query(PLACE, [room, to]);
  await dataSource.query(SUMMARY, [room, Math.max(0, to - 60), SAYING]);
  await dataSource.query('ANALYZE');
}

/** Several turns, as prompts grow until they are folded. */
export async function measureTurns(site: RoomSite, room: string, turns: number): Promise<TurnFigures> {
  await site.models.clear();
  const before = await written(site);
  const cpuMs = site.cpuMs;
  const times: number[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const [passage] = await site.say([room], SAYING);
    times.push(passage?.lastMs ?? Number.NaN);
  }
  const cpu = site.cpuMs - cpuMs;
  const after = await written(site);
  const calls = await site.models.calls();
  const tokens = calls.reduce((sum, { body }) => sum + JSON.stringify(body['messages']).length / 4, 0);
  return {
    promptTokens: tokens / turns,
    rows: (after.rows - before.rows) / turns,
    journalBytes: (after.bytes - before.bytes) / turns,
    p50Ms: median(times),
    cpuMs: cpu / turns,
  };
}

async function written({ database: { dataSource } }: RoomSite): Promise<Written> {
  const [{ rows, bytes }] = await dataSource.query<[{ rows: string; bytes: string }]>(WRITTEN);
  return { rows: Number(rows), bytes: Number(bytes) };
}
