import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ExecutionService, type RunDraft } from '../../execution/execution.service.js';
import { type DecidedInstant, fireTimeOf, walkDue } from '../decide/due-walk.js';
import type { Task } from '../entities/task.entity.js';
import { TaskStreams, type TaskUpdate } from '../task-streams.js';
import { dueTaskOf, nextFireOf } from '../task-timing-of.js';
import { advance, type DueRow, lockDue, type NewFire, recordFires, unendedRuns } from './fire-store.js';
import { supersededRuns } from './previous-runs.js';
import { type PreparedTargets, RunDrafts } from './run-drafts.service.js';
import { DatabaseClock } from '../../../common/time/database-clock.js';
import { SchedulerMetrics } from './scheduler-metrics.js';

/** Tasks looked at in one transaction. */
const BATCH = 100;
/** Due instants of one task in one transaction: what piled up is worked off in several. */
const INSTANTS = 50;
/** Drafts made at once: each reads what it starts, and requests want their share of the database's connections. */
const DRAFTS_AT_ONCE = 4;
const CANCEL_REASON = 'The next run of the task is due';

interface PlannedFire extends DecidedInstant {
  readonly task: Task;
}

interface Fire extends NewFire {
  readonly task: Task;
  readonly draft: RunDraft | undefined;
  readonly cancelsPrevious: boolean;
}

interface Fired {
  readonly now: Date;
  readonly tasks: readonly Task[];
  readonly fires: readonly Fire[];
}

/** Fires what is due. Any number of processes may do so at once. */
@Injectable()
export class TaskFiring {
  constructor(
    private readonly database: DataSource,
    private readonly clock: DatabaseClock,
    private readonly drafts: RunDrafts,
    private readonly execution: ExecutionService,
    private readonly streams: TaskStreams,
    private readonly metrics: SchedulerMetrics,
  ) {}

  /**
   * One transaction: the records of what is due, the runs, and what is due next. The key (task, due instant) is unique,
   * so that a due instant has one record and one run, whoever else looks at it.
   *
   * Locks are taken in one order everywhere: tasks (nobody waits for one), control rows by run id, then what
   * `enqueue_runs` takes, then streams by name.
   *
   * @param taskId only this one
   * @returns how many tasks were due; as many as fit in says that there may be more
   */
  async fireDue(taskId?: string): Promise<{ tasks: number; mayBeMore: boolean }> {
    const { fired, events } = await this.database.transaction(async (manager) => {
      const now = await this.clock.now(manager);
      const due = await lockDue(manager, now, BATCH, taskId);
      const fires = due.length === 0 ? [] : await this.fireAll(manager, due, now);
      const fired: Fired = { now, tasks: due.map(({ task }) => task), fires };
      return { fired, events: await this.streams.updatedIn(manager, fires.map(updateOf)) };
    });
    this.streams.publish(events);
    this.count(fired);
    const { now, tasks } = fired;
    return { tasks: tasks.length, mayBeMore: tasks.length === BATCH || tasks.some((task) => isDue(task, now)) };
  }

  private async fireAll(manager: EntityManager, due: readonly DueRow[], now: Date): Promise<readonly Fire[]> {
    const tasks = due.map(({ task }) => task);
    const ids = tasks.map(({ id }) => id);
    const unended = await unendedRuns(manager, ids);
    const planned = due.flatMap((row) => walk(row, unended.get(row.task.id)?.length ?? 0, now));
    const prepared: PreparedTargets = new Map();
    const fires = await inChunks(planned, DRAFTS_AT_ONCE, (plan) => this.prepare(plan, now, prepared));
    const stored = await recordFires(manager, fires, now);
    for (const { task, status } of stored) if (status === 'fired') task.fireCount += 1;
    for (const task of tasks) complete(task);
    await advance(manager, tasks);
    await this.startRuns(manager, stored, unended);
    return stored;
  }

  private async startRuns(
    manager: EntityManager,
    fires: readonly Fire[],
    unended: ReadonlyMap<string, readonly string[]>,
  ): Promise<void> {
    const { earlier, own } = supersededRuns(fires, unended);
    for (const runId of earlier) await this.execution.cancelIn(manager, runId, CANCEL_REASON);
    const drafts = fires.flatMap(({ draft }) => draft ?? []);
    await this.execution.startDrafts(manager, drafts);
    for (const runId of own) await this.execution.cancelIn(manager, runId, CANCEL_REASON);
  }

  private async prepare(plan: PlannedFire, now: Date, prepared: PreparedTargets): Promise<Fire> {
    const { task, dueMs, decision } = plan;
    const dueAt = new Date(dueMs);
    const fire = { taskId: task.id, task, dueAt, firedAt: null, runId: null, draft: undefined, cancelsPrevious: false };
    if (decision.status !== 'fired') return { ...fire, status: decision.status, reason: decision.reason };
    const made = await this.drafts.draft(task, { takesTurns: decision.takesTurns, prepared });
    if ('reason' in made) return { ...fire, status: 'failed', reason: made.reason };
    const { draft } = made;
    const { cancelsPrevious } = decision;
    return { ...fire, status: 'fired', reason: null, firedAt: now, runId: draft.run.id, draft, cancelsPrevious };
  }

  private count({ fires, now }: Fired): void {
    for (const { task, dueAt, status } of fires) {
      const lateMs = now.getTime() - fireTimeOf(task.id, dueAt.getTime(), task.jitterMs);
      this.metrics.count(status, lateMs / 1_000);
    }
  }
}

/** Decides, and moves the task on to what is due next. */
function walk({ task, isOwnerActive }: DueRow, unended: number, now: Date): PlannedFire[] {
  if (task.nextDueAt === null) return [];
  const dueTask = dueTaskOf(task, task.nextDueAt.getTime(), unended, isOwnerActive);
  const { decided, nextDueMs } = walkDue(dueTask, now.getTime(), INSTANTS);
  Object.assign(task, nextFireOf(task, nextDueMs));
  return decided.map((instant) => ({ ...instant, task }));
}

function updateOf(fire: Fire): TaskUpdate {
  return { task: fire.task, change: 'fire', fire };
}

function isDue({ nextFireAt }: Task, now: Date): boolean {
  return nextFireAt !== null && nextFireAt <= now;
}

/** Whatever is never due again, or has fired often enough, is done. */
function complete(task: Task): void {
  if (task.maxRuns !== null && task.fireCount >= task.maxRuns) Object.assign(task, nextFireOf(task, undefined));
  if (task.nextDueAt === null) task.status = 'completed';
}

async function inChunks<Item, Made>(
  items: readonly Item[],
  size: number,
  make: (item: Item) => Promise<Made>,
): Promise<Made[]> {
  const made: Made[] = [];
  for (let start = 0; start < items.length; start += size) {
    made.push(...(await Promise.all(items.slice(start, start + size).map(make))));
  }
  return made;
}
