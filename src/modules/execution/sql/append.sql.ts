import type { Statement } from '../../../database/dedicated-connection.js';

/** Rows alone: the key of (stream, seq) is all the fence they need. */
export const APPEND_ROWS: Statement = {
  name: 'append_rows',
  text: `WITH stored AS (
  INSERT INTO event_logs (stream, seq, name, payload, record, user_id, project_id, trace_id)
  SELECT * FROM unnest($1::bigint[], $2::integer[], $3::text[], $4::json[], $5::json[], $6::uuid[], $7::uuid[], $8::uuid[])
)
SELECT (extract(epoch FROM now()::timestamptz(3)) * 1000)::float8 AS at`,
};

/** Rows, transitions and children; see the migration for the parameters. */
export const APPEND_RUNS: Statement = {
  name: 'append_runs',
  text: `SELECT outcomes, at FROM append_runs(${placeholders(36)})`,
};

/** One snapshot: whether the lease is held, on each row. Without rows, one row says it alone. */
export const LOAD_ROWS: Statement = {
  name: 'load_rows',
  text: `SELECT e.seq, e.name, e.payload, e.record, e.created_at, (c.epoch = $3 AND c.worker_id = $4) IS TRUE
FROM run_control c LEFT JOIN event_logs e ON e.stream = c.stream_id AND e.seq > $2
WHERE c.run_id = $1 ORDER BY e.seq`,
};

export const FIND_ROWS: Statement = {
  name: 'find_rows',
  text: `SELECT seq, name, payload, record, created_at FROM event_logs
WHERE stream = $1 AND seq >= $2 AND seq < $3 ORDER BY seq`,
};

/** Where a run stands for the holder of a lease, and whether its children of the given keys are all there. */
export const FIND_LEASE: Statement = {
  name: 'find_lease',
  text: `SELECT c.epoch, c.worker_id, c.is_lost, now(),
  NOT EXISTS (SELECT 1 FROM unnest($2::text[]) AS key WHERE NOT EXISTS (
    SELECT 1 FROM runs r WHERE r.parent_run_id = c.run_id AND r.child_key = key))
FROM run_control c WHERE c.run_id = $1`,
};

export function placeholders(count: number): string {
  return Array.from({ length: count }, (_, index) => `$${index + 1}`).join(', ');
}
