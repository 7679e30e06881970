import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ExecutionService, type RunDraft } from '../../execution/execution.service.js';
import { Task } from '../entities/task.entity.js';
import { retryDelaySeconds } from '../task-retry.js';
import { TaskStreams, type TaskUpdate } from '../task-streams.js';
import { KeptResults } from './kept-results.js';
import { RunDrafts } from './run-drafts.service.js';
import { DatabaseClock } from '../../../common/time/database-clock.js';

/** Fires looked at in one tick, however many have runs that go on: the next tick looks at those that follow. */
const WINDOW = 1_000;
/** Ends seen to in one transaction. */
const BATCH = 100;
const FIRST: Place = { taskId: '00000000-0000-0000-0000-000000000000', runId: '00000000-0000-0000-0000-000000000000' };

/** A run that was removed with its owner has no row any more. */
const LOOK = `SELECT f.id, f.task_id AS "taskId", f.run_id AS "runId",
    (c.run_id IS NULL OR c.status IN ('completed', 'failed', 'cancelled')) AS "isOver"
  FROM (SELECT id, task_id, run_id FROM task_fires WHERE settled_at IS NULL AND run_id IS NOT NULL
    AND (task_id, run_id) > ($1, $2) ORDER BY task_id, run_id LIMIT $3) f
  LEFT JOIN run_control c ON c.run_id = f.run_id`;

const LOCK_ENDED = `SELECT f.id, f.task_id AS "taskId", f.due_at AS "dueAt", f.run_id AS "runId", f.attempt,
    coalesce(c.status, 'cancelled') AS "runStatus"
  FROM task_fires f LEFT JOIN run_control c ON c.run_id = f.run_id
  WHERE f.id = ANY ($1) AND f.settled_at IS NULL
    AND (c.run_id IS NULL OR c.status IN ('completed', 'failed', 'cancelled'))
  FOR UPDATE OF f SKIP LOCKED`;

const ACTIVE_OWNERS = `SELECT id FROM users WHERE id = ANY ($1) AND deactivated_at IS NULL`;

const SETTLE = `UPDATE task_fires SET settled_at = $2 WHERE id = ANY ($1)`;

const REPEAT = `UPDATE task_fires f SET run_id = n.run_id, attempt = f.attempt + 1
  FROM unnest($1::uuid[], $2::uuid[]) AS n (id, run_id) WHERE f.id = n.id`;

/** In the index of fires whose run may still be under way. */
interface Place {
  readonly taskId: string;
  readonly runId: string;
}

interface LookedAt extends Place {
  readonly id: string;
  readonly isOver: boolean;
}

interface EndedFire {
  readonly id: string;
  readonly taskId: string;
  readonly dueAt: Date;
  readonly runId: string;
  readonly attempt: number;
  readonly runStatus: 'completed' | 'failed' | 'cancelled';
}

interface Settled {
  readonly fire: EndedFire;
  readonly task: Task;
  /** The next attempt. */
  readonly retry: RunDraft | undefined;
}

/** Sees the ends of runs that tasks started: tells them, and tries again what failed. */
@Injectable()
export class RunSettling {
  private place = FIRST;

  constructor(
    private readonly database: DataSource,
    private readonly clock: DatabaseClock,
    private readonly drafts: RunDrafts,
    private readonly execution: ExecutionService,
    private readonly streams: TaskStreams,
    private readonly results: KeptResults,
  ) {}

  /** @returns whether there may be more */
  async settle(): Promise<boolean> {
    const over = await this.look();
    for (let start = 0; start < over.length; start += BATCH) await this.settleAll(over.slice(start, start + BATCH));
    return over.length > 0;
  }

  /** Goes round through the fires whose run may still be under way; answers those whose run has ended. */
  private async look(): Promise<string[]> {
    const { taskId, runId } = this.place;
    const rows = await this.database.query<LookedAt[]>(LOOK, [taskId, runId, WINDOW]);
    const last = rows.length < WINDOW ? undefined : rows.toSorted(byPlace).at(-1);
    this.place = last ?? FIRST;
    return rows.filter(({ isOver }) => isOver).map(({ id }) => id);
  }

  private async settleAll(ids: readonly string[]): Promise<void> {
    await this.results.keep(ids);
    const events = await this.database.transaction(async (manager) => {
      const fires = await manager.query<EndedFire[]>(LOCK_ENDED, [ids]);
      if (fires.length === 0) return [];
      const settled = await this.decide(manager, fires);
      await this.store(manager, settled, await this.clock.now(manager));
      return this.streams.updatedIn(manager, settled.map(updateOf));
    });
    this.streams.publish(events);
  }

  private async decide(manager: EntityManager, fires: readonly EndedFire[]): Promise<Settled[]> {
    const ids = [...new Set(fires.map(({ taskId }) => taskId))];
    const tasks = await manager.createQueryBuilder(Task, 'task').whereInIds(ids).getMany();
    const owners = await manager.query<{ id: string }[]>(ACTIVE_OWNERS, [tasks.map(({ ownerId }) => ownerId)]);
    const active = new Set(owners.map(({ id }) => id));
    const now = await this.clock.now(manager);
    const settled: Settled[] = [];
    for (const fire of fires) {
      const task = tasks.find(({ id }) => id === fire.taskId);
      if (!task) continue;
      const mayRetry = task.status !== 'paused' && active.has(task.ownerId);
      settled.push({ fire, task, retry: mayRetry ? await this.retryOf(task, fire, now) : undefined });
    }
    return settled;
  }

  private async retryOf(task: Task, { runStatus, attempt }: EndedFire, now: Date): Promise<RunDraft | undefined> {
    const delaySeconds = runStatus === 'failed' ? retryDelaySeconds(task.retry, attempt) : undefined;
    if (delaySeconds === undefined) return undefined;
    const startAt = new Date(now.getTime() + delaySeconds * 1_000);
    const draft = await this.drafts.draft(task, { takesTurns: takesTurns(task), startAt });
    return 'draft' in draft ? draft.draft : undefined;
  }

  private async store(manager: EntityManager, settled: readonly Settled[], now: Date): Promise<void> {
    const repeated = settled.flatMap(({ fire, retry }) => (retry ? [{ id: fire.id, retry }] : []));
    const over = settled.filter(({ retry }) => !retry).map(({ fire }) => fire.id);
    await manager.query(SETTLE, [over, now]);
    if (repeated.length === 0) return;
    await manager.query(REPEAT, [repeated.map(({ id }) => id), repeated.map(({ retry }) => retry.run.id)]);
    await this.execution.startDrafts(
      manager,
      repeated.map(({ retry }) => retry),
    );
  }
}

function byPlace(one: Place, other: Place): number {
  const [key, otherKey] = [`${one.taskId} ${one.runId}`, `${other.taskId} ${other.runId}`];
  return key < otherKey ? -1 : 1;
}

function takesTurns({ overlap }: Task): boolean {
  return overlap === 'queue_one' || overlap === 'queue_all';
}

function updateOf({ task, fire, retry }: Settled): TaskUpdate {
  const { dueAt, runStatus } = fire;
  const outcome = retry ? { runId: retry.run.id, runStatus: 'retrying' } : { runId: fire.runId, runStatus };
  return { task, change: 'settled', fire: { dueAt, status: 'fired', reason: null, ...outcome } };
}
