import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Claims, leases and intents, each in one round trip. Locks are taken in the order that the append functions name.
 */
export class CreateQueueFunctions1763600000260 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const statement of statements()) await queryRunner.query(statement);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const name of FUNCTIONS.toReversed()) await queryRunner.query(`DROP FUNCTION ${name}`);
  }
}

const FUNCTIONS = [
  'wake_due_runs',
  'claim_runs',
  'free_workers',
  'lock_run_tree',
  'mark_cancelled',
  'cancel_children',
  'cancel_run',
  'steer_run',
  'signal_run',
];

/** In the order in which they stand on one another. */
const statements = (): string[] => [
  WAKE_DUE,
  CLAIM,
  FREE,
  TREE,
  MARK_CANCELLED,
  CANCEL_CHILDREN,
  CANCEL,
  STEER,
  SIGNAL,
];

// Sleepers whose instant has come go on; runs that may start from now on get in line, or behind their key.
const WAKE_DUE = `
CREATE FUNCTION wake_due_runs() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_keys text[];
  v_key text;
BEGIN
  WITH due AS (
    SELECT run_id FROM run_control WHERE wake_at <= now() ORDER BY wake_at LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED
  ), woken AS (
    UPDATE run_control c SET wake_at = NULL,
      is_blocked = c.status = 'queued' AND c.concurrency_key IS NOT NULL,
      queue_key = CASE WHEN c.status <> 'queued' THEN urgent_key() WHEN c.concurrency_key IS NULL THEN c.sort_key END
    FROM due WHERE c.run_id = due.run_id
    RETURNING c.concurrency_key, c.is_blocked
  )
  SELECT array_agg(DISTINCT concurrency_key) INTO v_keys FROM woken WHERE is_blocked;
  IF v_keys IS NULL THEN RETURN; END IF;
  FOREACH v_key IN ARRAY v_keys LOOP
    PERFORM grant_slots(v_key);
  END LOOP;
END $$`;

// The worker's row is locked against a reaper, which would otherwise miss what is claimed while it looks. A lock is a
// write, and a write waits for the disk: workers that look in vain, as idle ones do all the time, only read.
const CLAIM = `
CREATE FUNCTION claim_runs(p_worker bigint, p_kinds text[], p_versions integer[], p_max integer)
RETURNS TABLE (run_id uuid, stream_id bigint, epoch integer, root_run_id uuid, parent_run_id uuid, kind text,
  version integer, takeover boolean, intent_seq integer, cancel_requested boolean, pause_requested boolean,
  deadline_at timestamptz, owner_id uuid, project_id uuid, trace_id uuid, input json)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  IF NOT EXISTS (SELECT 1 FROM run_control WHERE wake_at <= now()) AND NOT EXISTS (
    SELECT 1 FROM run_control c
    WHERE c.queue_key IS NOT NULL AND (c.kind, c.version) IN (SELECT * FROM unnest(p_kinds, p_versions)))
  THEN RETURN; END IF;
  PERFORM 1 FROM workers WHERE id = p_worker AND expires_at > now() FOR KEY SHARE;
  IF NOT FOUND THEN RETURN; END IF;
  PERFORM wake_due_runs();
  RETURN QUERY
  WITH picked AS (
    SELECT c.run_id, c.queue_key, c.is_lost FROM run_control c
    WHERE c.queue_key IS NOT NULL AND (c.kind, c.version) IN (SELECT * FROM unnest(p_kinds, p_versions))
    ORDER BY c.queue_key LIMIT p_max FOR NO KEY UPDATE SKIP LOCKED
  ), taken AS (
    UPDATE run_control c SET
      status = CASE WHEN c.cancel_requested_at IS NULL THEN 'running' ELSE 'cancelling' END,
      epoch = c.epoch + 1, worker_id = p_worker, queue_key = NULL, wake_at = NULL, is_lost = false,
      started_at = coalesce(c.started_at, now()),
      deadline_at = coalesce(c.deadline_at, now() + c.remaining_ms * interval '1 millisecond'),
      remaining_ms = CASE WHEN c.pause_requested THEN c.remaining_ms END
    FROM picked p WHERE c.run_id = p.run_id
    RETURNING c.*, p.queue_key AS place, p.is_lost AS was_lost
  )
  SELECT t.run_id, t.stream_id, t.epoch, t.root_run_id, t.parent_run_id, t.kind, t.version, t.was_lost, t.intent_seq,
    t.cancel_requested_at IS NOT NULL, t.pause_requested, t.deadline_at::timestamptz, r.user_id, r.project_id,
    r.trace_id, r.input
  FROM taken t JOIN runs r ON r.id = t.run_id
  ORDER BY t.place;
END $$`;

// What dead or leaving workers hold goes first, and its next holder has to announce itself. Their rows are locked before
// their runs are looked for: a claim that was under way has then either committed or will find no worker.
const FREE = `
CREATE FUNCTION free_workers(p_worker bigint) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_gone bigint[];
  v_freed integer;
BEGIN
  IF p_worker IS NULL THEN
    SELECT array_agg(w.id) INTO v_gone FROM (
      SELECT id FROM workers WHERE expires_at <= now() ORDER BY id FOR UPDATE SKIP LOCKED) w;
  ELSE
    SELECT array_agg(w.id) INTO v_gone FROM (SELECT id FROM workers WHERE id = p_worker FOR UPDATE) w;
  END IF;
  IF v_gone IS NULL THEN RETURN 0; END IF;
  PERFORM 1 FROM run_control WHERE worker_id = ANY (v_gone) ORDER BY run_id FOR NO KEY UPDATE;
  UPDATE run_control SET worker_id = NULL, is_lost = true, queue_key = urgent_key(),
    status = CASE WHEN status = 'running' THEN 'queued' ELSE status END
  WHERE worker_id = ANY (v_gone);
  GET DIAGNOSTICS v_freed = ROW_COUNT;
  DELETE FROM workers WHERE id = ANY (v_gone);
  RETURN v_freed;
END $$`;

// The root first: whoever inserts a child anywhere in the tree holds it too, so that none can slip past.
const TREE = `
CREATE FUNCTION lock_run_tree(p_run uuid) RETURNS uuid[] LANGUAGE plpgsql AS $$
DECLARE
  v_root uuid;
  v_tree uuid[];
BEGIN
  SELECT root_run_id INTO v_root FROM run_control WHERE run_id = p_run;
  IF v_root IS NULL THEN RETURN NULL; END IF;
  PERFORM 1 FROM run_control WHERE run_id = v_root FOR NO KEY UPDATE;
  WITH RECURSIVE tree AS (
    SELECT p_run AS id UNION ALL SELECT r.id FROM runs r JOIN tree t ON r.parent_run_id = t.id
  )
  SELECT array_agg(id) INTO v_tree FROM tree;
  PERFORM 1 FROM run_control WHERE run_id = ANY (v_tree) ORDER BY run_id FOR NO KEY UPDATE;
  RETURN v_tree;
END $$`;

const MARK_CANCELLED = `
CREATE FUNCTION mark_cancelled(p_runs uuid[], p_reason text) RETURNS void LANGUAGE sql AS $$
  UPDATE run_control SET
    cancel_requested_at = now(), cancel_reason = p_reason, status = 'cancelling', intent_seq = intent_seq + 1,
    wake_at = NULL, is_blocked = false, queue_key = CASE WHEN worker_id IS NULL THEN urgent_key() END
  WHERE run_id = ANY (p_runs) AND cancel_requested_at IS NULL AND status NOT IN ('completed', 'failed', 'cancelled')
$$`;

const CANCEL_CHILDREN = `
CREATE FUNCTION cancel_children(p_run uuid, p_reason text) RETURNS void LANGUAGE sql AS $$
  SELECT mark_cancelled(array_remove(lock_run_tree(p_run), p_run), p_reason)
$$`;

const CANCEL = `
CREATE FUNCTION cancel_run(p_run uuid, p_reason text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_tree uuid[] := lock_run_tree(p_run);
  v_status text;
BEGIN
  SELECT status INTO v_status FROM run_control WHERE run_id = p_run;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF v_status = 'cancelled' THEN RETURN 'already_cancelled'; END IF;
  IF v_status IN ('completed', 'failed') THEN RETURN 'ended'; END IF;
  PERFORM mark_cancelled(v_tree, p_reason);
  RETURN 'requested';
END $$`;

// From the pause to the resume the deadline stands still; the time that was left is kept. A waiting run goes to somebody who writes the pause; one that never started takes the mark along.
const STEER = `
CREATE FUNCTION steer_run(p_run uuid, p_pause boolean, OUT kind text, OUT status text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_tree uuid[] := lock_run_tree(p_run);
  v_status text;
BEGIN
  SELECT status INTO v_status FROM run_control WHERE run_id = p_run;
  IF NOT FOUND THEN
    kind := 'not_found';
    RETURN;
  END IF;
  IF v_status IN ('completed', 'failed', 'cancelled') THEN
    kind := 'ended';
    status := v_status;
    RETURN;
  END IF;
  IF p_pause THEN
    UPDATE run_control SET pause_requested = true, intent_seq = intent_seq + 1,
      remaining_ms = coalesce((extract(epoch FROM deadline_at - now()) * 1000)::bigint, remaining_ms),
      queue_key = CASE WHEN worker_id IS NULL AND status = 'waiting' THEN urgent_key() ELSE queue_key END,
      wake_at = CASE WHEN worker_id IS NULL AND status = 'waiting' THEN NULL ELSE wake_at END
    WHERE run_id = ANY (v_tree) AND NOT pause_requested AND cancel_requested_at IS NULL
      AND status NOT IN ('completed', 'failed', 'cancelled');
  ELSE
    UPDATE run_control SET pause_requested = false, intent_seq = intent_seq + 1,
      status = CASE WHEN status = 'paused' THEN 'queued' ELSE status END,
      queue_key = CASE WHEN status = 'paused' THEN urgent_key() ELSE queue_key END,
      deadline_at = CASE WHEN deadline_at IS NOT NULL THEN now() + remaining_ms * interval '1 millisecond' END,
      remaining_ms = CASE WHEN deadline_at IS NULL THEN remaining_ms END
    WHERE run_id = ANY (v_tree) AND pause_requested AND cancel_requested_at IS NULL
      AND status NOT IN ('completed', 'failed', 'cancelled');
  END IF;
  kind := 'done';
  status := (SELECT c.status FROM run_control c WHERE c.run_id = p_run);
END $$`;

const SIGNAL = `
CREATE FUNCTION signal_run(p_run uuid, p_key text, p_payload json) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_status text;
  v_seq integer;
BEGIN
  SELECT status, intent_seq + 1 INTO v_status, v_seq FROM run_control WHERE run_id = p_run FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN 'not_found'; END IF;
  IF v_status IN ('completed', 'failed', 'cancelled') THEN RETURN 'ended'; END IF;
  INSERT INTO run_signals (run_id, key, payload, intent_seq) VALUES (p_run, p_key, p_payload, v_seq)
  ON CONFLICT DO NOTHING;
  IF NOT FOUND THEN RETURN 'already_signalled'; END IF;
  UPDATE run_control SET intent_seq = v_seq,
    queue_key = CASE WHEN worker_id IS NULL AND status = 'waiting' THEN urgent_key() ELSE queue_key END,
    wake_at = CASE WHEN worker_id IS NULL AND status = 'waiting' THEN NULL ELSE wake_at END
  WHERE run_id = p_run;
  RETURN 'accepted';
END $$`;
