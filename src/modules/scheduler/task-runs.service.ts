import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import { InvalidInputError } from '../../common/errors/invalid-input.error.js';
import { type Page, readPage } from '../../common/paging/page.js';
import type { PageQueryDto } from '../../common/paging/page-query.dto.js';
import { AccessPolicy } from '../projects/access-policy.js';
import { User } from '../users/entities/user.entity.js';
import type { BackfillTaskDto } from './dto/preview.dto.js';
import { type TaskFireDto, toTaskFire } from './dto/task-response.dto.js';
import type { Task } from './entities/task.entity.js';
import { TaskFire } from './entities/task-fire.entity.js';
import { ManualFiring } from './firing/manual-firing.service.js';
import { DatabaseClock } from '../../common/time/database-clock.js';
import { nextDueWithin } from './schedule/task-timing.js';
import { TaskChanges } from './task-changes.js';
import { boundsOf, timingOf } from './task-timing-of.js';
import { TaskOwnerInactiveError } from './tasks.errors.js';
import { TasksService } from './tasks.service.js';

/** Due instants that one request makes up for. */
const MAX_BACKFILL = 100;

/** What tasks start, and have started. */
@Injectable()
export class TaskRunsService {
  constructor(
    @InjectRepository(TaskFire) private readonly fires: Repository<TaskFire>,
    private readonly tasks: TasksService,
    private readonly policy: AccessPolicy,
    private readonly firing: ManualFiring,
    private readonly clock: DatabaseClock,
    private readonly changes: TaskChanges,
    private readonly database: DataSource,
  ) {}

  /** Newest first. */
  async list(userId: string, taskId: string, page: PageQueryDto): Promise<Page<TaskFireDto>> {
    const { id } = await this.tasks.get(userId, taskId);
    const query = this.fires.createQueryBuilder('fire').where('fire.taskId = :id', { id });
    return readPage(query, page, toTaskFire);
  }

  /** At once, paused or not, whatever else of it is running. As the task's owner. */
  async runNow(userId: string, taskId: string): Promise<{ runId: string }> {
    const task = await this.runnable(userId, taskId);
    const draft = await this.firing.draft(task);
    const runId = draft.run.id;
    return this.changes.commit(async (manager) => {
      await this.firing.lockIn(manager, taskId);
      await this.changes.startedIn(manager, runId);
      const fire = await this.firing.fireIn(manager, task, draft, await this.clock.now(manager));
      return { updates: [{ task, change: 'fire', fire }], answer: { runId } };
    });
  }

  /** @throws {InvalidInputError} when the span is in the future, or holds too much */
  async backfill(userId: string, taskId: string, span: BackfillTaskDto): Promise<TaskFireDto[]> {
    const task = await this.runnable(userId, taskId);
    const now = await this.clock.now(this.database.manager);
    // Before the transaction: it must not wait for a second connection.
    const drafted = await this.firing.draftAll(task, dueWithin(task, span, now));
    return this.changes.commit(async (manager) => {
      await this.firing.lockIn(manager, taskId);
      const made = await this.firing.makeUpIn(manager, task, drafted, now);
      const answer = made.map(toTaskFire);
      await this.changes.answerIn(manager, { items: answer });
      return { updates: made.map((fire) => ({ task, change: 'fire', fire })), answer };
    });
  }

  /** @throws {TaskNotFoundError} @throws {NotAllowedError} @throws {TaskOwnerInactiveError} */
  private async runnable(userId: string, taskId: string): Promise<Task> {
    const task = await this.tasks.get(userId, taskId);
    await this.policy.assertMay(userId, 'run', task);
    const owner = await this.database.manager.findOneByOrFail(User, { id: task.ownerId });
    if (owner.deactivatedAt !== null) throw new TaskOwnerInactiveError(taskId);
    return task;
  }
}

function dueWithin(task: Task, span: BackfillTaskDto, now: Date): Date[] {
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)];
  if (to > now.getTime()) throw refuse('/to', 'IN_THE_FUTURE', 'must not be after now');
  if (to < from) throw refuse('/to', 'BEFORE_START', 'must not be before from');
  const timing = timingOf(task);
  const found: Date[] = [];
  let due = nextDueWithin(timing, boundsOf(task), from - 1);
  while (due !== undefined && due <= to) {
    found.push(new Date(due));
    if (found.length > MAX_BACKFILL) {
      throw refuse('/to', 'TOO_MANY_DUE', `holds more than ${MAX_BACKFILL} due instants: ask for less at a time`);
    }
    due = nextDueWithin(timing, boundsOf(task), due);
  }
  return found;
}

function refuse(path: string, code: string, message: string): InvalidInputError {
  return new InvalidInputError([{ path, code, message }]);
}
