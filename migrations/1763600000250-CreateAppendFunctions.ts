import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What an append and an insert of runs do to several tables, each in one round trip.
 *
 * Locks are taken in this order everywhere, so that no two of them wait for each other: a worker's row; control rows
 * by run id (a cancel takes the root's first, and so does an insert of children); the clocks of owners; concurrency keys
 * by key; the control rows of blocked runs, which nobody holds.
 */
export class CreateAppendFunctions1763600000250 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements()) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of FUNCTIONS.toReversed()) await queryRunner.query(`DROP FUNCTION ${name}`);
  }
}

const FUNCTIONS = ['urgent_key', 'grant_slots', 'enqueue_runs', 'append_runs', 'append_shared'];

/** In the order in which they stand on one another. */
const statements = (): string[] => [URGENT_KEY, GRANT_SLOTS, ENQUEUE, APPEND, APPEND_SHARED];

// Before every key of a run that was never started (those are Unix milliseconds), and in order among themselves.
const URGENT_KEY = `
CREATE FUNCTION urgent_key() RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT (extract(epoch FROM now()) * 1000)::bigint - 10000000000000 $$`;

// Hands free slots of a concurrency key to blocked runs, first in line first. The caller may have changed the count.
const GRANT_SLOTS = `
CREATE FUNCTION grant_slots(p_key text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_free integer;
  v_granted integer;
BEGIN
  SELECT slots - active INTO v_free FROM concurrency_keys WHERE key = p_key FOR UPDATE;
  IF v_free IS NULL OR v_free <= 0 THEN RETURN; END IF;
  WITH next AS (
    SELECT run_id FROM run_control WHERE concurrency_key = p_key AND is_blocked
    ORDER BY sort_key LIMIT v_free FOR NO KEY UPDATE
  )
  UPDATE run_control c SET is_blocked = false, has_slot = true, queue_key = c.sort_key
  FROM next WHERE c.run_id = next.run_id;
  GET DIAGNOSTICS v_granted = ROW_COUNT;
  UPDATE concurrency_keys SET active = active + v_granted WHERE key = p_key AND v_granted > 0;
END $$`;

// Inserts runs with their streams and control rows; those that exist (by id, or by parent and key) stay as they are.
// Root runs advance the clock of their owner. Children advance that of their tree, which is locked already: an append
// must never wait for a caller's open transaction.
const ENQUEUE = `
CREATE FUNCTION enqueue_runs(
  p_id uuid[], p_kind text[], p_version integer[], p_input json[], p_owner uuid[], p_project uuid[], p_trace uuid[],
  p_parent uuid[], p_root uuid[], p_child_key text[], p_priority integer[], p_weight float8[],
  p_concurrency text[], p_limit integer[], p_timeout bigint[], p_start timestamptz[], p_refs json[]
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_now bigint := (extract(epoch FROM now()) * 1000)::bigint;
  v_new bigint[];
  v_key text;
BEGIN
  SELECT array_agg(w.n) INTO v_new
  FROM unnest(p_id, p_parent, p_child_key) WITH ORDINALITY AS w (id, parent, child_key, n)
  WHERE NOT EXISTS (SELECT 1 FROM runs r WHERE r.id = w.id)
    AND (w.parent IS NULL OR NOT EXISTS (
      SELECT 1 FROM runs r WHERE r.parent_run_id = w.parent AND r.child_key = w.child_key));
  IF v_new IS NULL THEN RETURN; END IF;

  WITH wanted AS MATERIALIZED (
    SELECT w.*, nextval('streams_id_seq') AS stream_id, 1000 / w.weight AS share,
      sum(1000 / w.weight) OVER (PARTITION BY coalesce(w.root, w.owner) ORDER BY w.n DESC) AS from_end
    FROM unnest(p_id, p_kind, p_version, p_input, p_owner, p_project, p_trace, p_parent, p_root, p_child_key,
      p_priority, p_weight, p_concurrency, p_limit, p_timeout, p_start, p_refs) WITH ORDINALITY
      AS w (id, kind, version, input, owner, project, trace, parent, root, child_key,
        priority, weight, concurrency, slots, timeout, start_at, refs, n)
    WHERE w.n = ANY (v_new)
  ), owners AS (
    INSERT INTO queue_owners AS q (owner_id, virtual_ms)
    SELECT owner, v_now + sum(share) FROM wanted WHERE parent IS NULL GROUP BY owner ORDER BY owner
    ON CONFLICT (owner_id) DO UPDATE SET virtual_ms = greatest(q.virtual_ms, v_now) + excluded.virtual_ms - v_now
    RETURNING q.owner_id AS id, q.virtual_ms
  ), trees AS (
    UPDATE run_control c SET tree_virtual_ms = greatest(c.tree_virtual_ms, v_now) + t.total
    FROM (SELECT root, sum(share) AS total FROM wanted WHERE parent IS NOT NULL GROUP BY root) t
    WHERE c.run_id = t.root
    RETURNING c.run_id AS id, c.tree_virtual_ms AS virtual_ms
  ), clocks AS MATERIALIZED (
    SELECT * FROM owners UNION ALL SELECT * FROM trees
  ), new_streams AS (
    INSERT INTO streams (id, name) SELECT stream_id, 'run:' || id FROM wanted ON CONFLICT DO NOTHING
  ), new_runs AS (
    INSERT INTO runs (id, kind, program_version, user_id, project_id, parent_run_id, root_run_id, child_key, input,
      refs, trace_id)
    SELECT id, kind, version, owner, project, parent, coalesce(root, id), child_key, input, coalesce(refs::jsonb, '{}'),
      trace
    FROM wanted ON CONFLICT DO NOTHING
  )
  INSERT INTO run_control (run_id, stream_id, root_run_id, parent_run_id, kind, version, sort_key, queue_key, wake_at,
    concurrency_key, is_blocked, remaining_ms, pause_requested)
  SELECT w.id, w.stream_id, coalesce(w.root, w.id), w.parent, w.kind, w.version, k.sort_key,
    CASE WHEN w.start_at > now() OR w.concurrency IS NOT NULL THEN NULL ELSE k.sort_key END,
    CASE WHEN w.start_at > now() THEN w.start_at END,
    w.concurrency, w.concurrency IS NOT NULL AND (w.start_at > now()) IS NOT TRUE, w.timeout,
    coalesce((SELECT p.pause_requested FROM run_control p WHERE p.run_id = w.parent), false)
  FROM wanted w JOIN clocks c ON c.id = CASE WHEN w.parent IS NULL THEN w.owner ELSE w.root END
    CROSS JOIN LATERAL (
      SELECT (c.virtual_ms - w.from_end + w.share)::bigint - w.priority * 60000 AS sort_key) k
  ON CONFLICT DO NOTHING;

  IF p_concurrency IS NULL THEN RETURN; END IF;
  FOR v_key IN
    INSERT INTO concurrency_keys AS k (key, slots, active)
    SELECT concurrency, max(slots), 0 FROM unnest(p_concurrency, p_limit) AS w (concurrency, slots)
    WHERE concurrency IS NOT NULL GROUP BY concurrency ORDER BY concurrency
    ON CONFLICT (key) DO UPDATE SET slots = excluded.slots RETURNING key
  LOOP
    PERFORM grant_slots(v_key);
  END LOOP;
END $$`;

// r_*: rows. p_*: the producers with a transition or children, whose conditions are checked under their locks; one that
// fails leaves nothing behind. c_*: children. Answers one letter per such producer: (c)ommitted, (l)ost, (x) cancelled,
// (i)ntents changed.
const APPEND = `
CREATE FUNCTION append_runs(
  r_producer integer[], r_stream bigint[], r_seq integer[], r_name text[], r_payload json[], r_record json[],
  r_user uuid[], r_project uuid[], r_trace uuid[],
  p_lock uuid[], p_producer integer[], p_run uuid[], p_epoch integer[], p_worker bigint[], p_parent uuid[],
  p_status text[], p_output json[], p_error json[], p_intent integer[], p_wake timestamptz[],
  c_producer integer[], c_id uuid[], c_kind text[], c_version integer[], c_input json[], c_owner uuid[],
  c_project uuid[], c_trace uuid[], c_parent uuid[], c_root uuid[], c_key text[], c_priority integer[],
  c_weight float8[], c_timeout bigint[], c_start timestamptz[], c_refs json[],
  OUT outcomes text, OUT at float8
) LANGUAGE plpgsql AS $$
DECLARE
  v_codes text[];
  v_refused integer[];
  v_key text;
  v_frees_slot boolean;
  v_wakes_parent boolean;
BEGIN
  PERFORM 1 FROM run_control WHERE run_id = ANY (p_lock) ORDER BY run_id FOR NO KEY UPDATE;

  SELECT string_agg(o.code, '' ORDER BY o.n), array_agg(o.code ORDER BY o.n),
    array_agg(o.producer) FILTER (WHERE o.code <> 'c'),
    bool_or(o.ends AND o.has_slot), bool_or(o.ends AND o.parent IS NOT NULL)
  INTO outcomes, v_codes, v_refused, v_frees_slot, v_wakes_parent
  FROM (
    SELECT p.n, p.producer, p.parent, c.has_slot,
      p.status IN ('completed', 'failed', 'cancelled') AS ends,
      CASE
        WHEN c.worker_id IS DISTINCT FROM p.worker OR c.epoch IS DISTINCT FROM p.epoch THEN 'l'
        WHEN c.cancel_requested_at IS NOT NULL AND (p.status IS NULL OR p.status IN ('completed', 'failed')) THEN 'x'
        WHEN p.intent IS NOT NULL AND p.intent <> c.intent_seq THEN 'i'
        ELSE 'c'
      END AS code
    FROM unnest(p_producer, p_run, p_epoch, p_worker, p_parent, p_status, p_intent) WITH ORDINALITY
      AS p (producer, run, epoch, worker, parent, status, intent, n)
    LEFT JOIN run_control c ON c.run_id = p.run
  ) o;

  INSERT INTO event_logs (stream, seq, name, payload, record, user_id, project_id, trace_id)
  SELECT r.stream, r.seq, r.name, r.payload, r.record, r.user_id, r.project_id, r.trace_id
  FROM unnest(r_producer, r_stream, r_seq, r_name, r_payload, r_record, r_user, r_project, r_trace)
    AS r (producer, stream, seq, name, payload, record, user_id, project_id, trace_id)
  WHERE v_refused IS NULL OR r.producer <> ALL (v_refused);

  -- The parents are locked: an end is numbered behind all that they have read.
  UPDATE runs r SET output = p.output, error = p.error, ended_at = now(), parent_seq = CASE
    WHEN r.parent_run_id IS NOT NULL THEN (SELECT c.intent_seq + 1 FROM run_control c WHERE c.run_id = r.parent_run_id) END
  FROM unnest(p_run, p_status, p_output, p_error, v_codes) AS p (run, status, output, error, code)
  WHERE r.id = p.run AND p.code = 'c' AND p.status IN ('completed', 'failed', 'cancelled');

  -- One statement: a parent may be let go in the batch in which its child ends, and a row is updated once.
  UPDATE run_control c SET
    status = CASE WHEN u.status = 'queued' AND c.cancel_requested_at IS NOT NULL THEN 'cancelling'
      ELSE coalesce(u.status, c.status) END,
    settled_seq = CASE WHEN u.status = 'waiting' THEN c.intent_seq ELSE c.settled_seq END,
    worker_id = CASE WHEN u.status IS NULL THEN c.worker_id END,
    queue_key = CASE
      WHEN u.status = 'queued' OR u.wakes AND (u.status = 'waiting'
        OR u.status IS NULL AND c.status = 'waiting' AND c.worker_id IS NULL) THEN urgent_key()
      ELSE c.queue_key END,
    wake_at = CASE WHEN u.status = 'waiting' AND NOT u.wakes THEN least(u.wake, c.deadline_at)
      WHEN u.wakes AND c.status = 'waiting' THEN NULL ELSE c.wake_at END,
    intent_seq = c.intent_seq + u.ended
  FROM (
    SELECT e.run, max(e.status) AS status, max(e.wake) AS wake, sum(e.ended)::integer AS ended, sum(e.ended) > 0 AS wakes
    FROM (
      SELECT p.run, p.status, p.wake, 0 AS ended
      FROM unnest(p_run, p_status, p_wake, v_codes) AS p (run, status, wake, code)
      WHERE p.code = 'c' AND p.status IS NOT NULL
      UNION ALL
      SELECT p.parent, NULL, NULL, 1 FROM unnest(p_parent, p_status, v_codes) AS p (parent, status, code)
      WHERE v_wakes_parent AND p.code = 'c' AND p.parent IS NOT NULL AND p.status IN ('completed', 'failed', 'cancelled')
    ) e GROUP BY e.run
  ) u
  WHERE c.run_id = u.run;

  IF c_producer IS NOT NULL THEN
    PERFORM enqueue_runs(array_agg(c.id), array_agg(c.kind), array_agg(c.version), array_agg(c.input),
      array_agg(c.owner), array_agg(c.project), array_agg(c.trace), array_agg(c.parent), array_agg(c.root),
      array_agg(c.key), array_agg(c.priority), array_agg(c.weight), NULL, NULL, array_agg(c.timeout),
      array_agg(c.start_at), array_agg(c.refs))
    FROM unnest(c_producer, c_id, c_kind, c_version, c_input, c_owner, c_project, c_trace, c_parent, c_root, c_key,
      c_priority, c_weight, c_timeout, c_start, c_refs) AS c (producer, id, kind, version, input, owner, project, trace,
      parent, root, key, priority, weight, timeout, start_at, refs)
    WHERE v_refused IS NULL OR c.producer <> ALL (v_refused);
  END IF;

  IF v_frees_slot THEN
    FOR v_key IN
      WITH freed AS (
        SELECT c.concurrency_key AS key, count(*)::integer AS slots
        FROM unnest(p_run, p_status, v_codes) AS p (run, status, code)
        JOIN run_control c ON c.run_id = p.run
        WHERE p.code = 'c' AND p.status IN ('completed', 'failed', 'cancelled') AND c.concurrency_key IS NOT NULL
          AND c.has_slot
        GROUP BY c.concurrency_key
      ), locked AS (
        SELECT k.key FROM concurrency_keys k WHERE k.key IN (SELECT key FROM freed) ORDER BY k.key FOR UPDATE
      )
      UPDATE concurrency_keys k SET active = k.active - f.slots
      FROM freed f JOIN locked l ON l.key = f.key WHERE k.key = f.key RETURNING k.key
    LOOP
      PERFORM grant_slots(v_key);
    END LOOP;
  END IF;

  at := (extract(epoch FROM now()::timestamptz(3)) * 1000)::float8;
END $$`;

// The row lock of a stream is held to the end of the transaction: the order of seq is the order of commits, and a
// rollback leaves no gap. Streams are locked in the order of their names.
const APPEND_SHARED = `
CREATE FUNCTION append_shared(p_stream text[], p_name text[], p_payload json[], p_user uuid[], p_project uuid[],
  p_session uuid[], p_trace uuid[])
RETURNS TABLE (place bigint, stream_id bigint, seq integer, at float8) LANGUAGE sql AS $$
  WITH items AS MATERIALIZED (
    SELECT i.*, row_number() OVER (PARTITION BY i.stream ORDER BY i.n) AS nth
    FROM unnest(p_stream, p_name, p_payload, p_user, p_project, p_session, p_trace) WITH ORDINALITY
      AS i (stream, name, payload, user_id, project_id, session_id, trace_id, n)
  ), counts AS (
    SELECT stream, count(*)::integer AS total FROM items GROUP BY stream ORDER BY stream
  ), heads AS (
    INSERT INTO streams AS s (name, last_seq) SELECT stream, total FROM counts ORDER BY stream
    ON CONFLICT (name) DO UPDATE SET last_seq = s.last_seq + excluded.last_seq
    RETURNING s.id, s.name, s.last_seq
  ), numbered AS MATERIALIZED (
    SELECT i.*, h.id, (h.last_seq - c.total + i.nth)::integer AS seq
    FROM items i JOIN counts c USING (stream) JOIN heads h ON h.name = i.stream
  ), stored AS (
    INSERT INTO event_logs (stream, seq, name, payload, user_id, project_id, session_id, trace_id)
    SELECT id, seq, name, payload, user_id, project_id, session_id, trace_id FROM numbered
  )
  SELECT n, id, seq, (extract(epoch FROM now()::timestamptz(3)) * 1000)::float8 FROM numbered ORDER BY n
$$`;
