import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository, type SelectQueryBuilder } from 'typeorm';
import { newId } from '../../common/ids/id.js';
import { InvalidInputError } from '../../common/errors/invalid-input.error.js';
import { type Page, readPage } from '../../common/paging/page.js';
import { AccessPolicy } from '../projects/access-policy.js';
import { writersAfter } from '../users/written-texts.js';
import type { ListTasksDto, SaveTaskDto } from './dto/save-task.dto.js';
import { type TaskResponseDto, toTaskResponse } from './dto/task-response.dto.js';
import { Task } from './entities/task.entity.js';
import { ManualFiring } from './firing/manual-firing.service.js';
import { DatabaseClock } from '../../common/time/database-clock.js';
import { AGENT_TARGET, TargetRegistry } from './targets/target-registry.js';
import { recordFires } from './firing/fire-store.js';
import { unrecordedDues } from './firing/unrecorded-dues.js';
import { mergeTask, NEW_TASK, type TaskContent } from './task-content.js';
import { TaskChanges } from './task-changes.js';
import type { TaskChange } from './task-streams.js';
import { nextFireAfter, nextFireOf } from './task-timing-of.js';
import { TaskNotFoundError } from './tasks.errors.js';

/** Tasks as a user sees them: those of others are not there. */
@Injectable()
export class TasksService {
  constructor(
    @InjectRepository(Task) private readonly tasks: Repository<Task>,
    private readonly policy: AccessPolicy,
    private readonly targets: TargetRegistry,
    private readonly firing: ManualFiring,
    private readonly clock: DatabaseClock,
    private readonly changes: TaskChanges,
  ) {}

  /** One that is ad hoc is started with it, in one transaction. */
  async create(ownerId: string, dto: SaveTaskDto): Promise<TaskResponseDto> {
    const projectId = dto.project_id?.toLowerCase() ?? null;
    if (projectId !== null) await this.policy.assertMayIn(ownerId, 'run', projectId);
    const content = mergeTask(NEW_TASK, dto);
    await this.checkTarget(content, { ownerId, projectId });
    const status = dto.enabled === false ? 'paused' : 'active';
    const timer = { status, fireCount: 0, nextDueAt: null, nextFireAt: null, sessionId: null } as const;
    const writtenBy = writersAfter(ownerId, { writtenBy: {} }, { name: content.name });
    const task = this.tasks.create({ id: newId(), ownerId, projectId, writtenBy, ...timer, ...content });
    const startsNow = task.type === 'adhoc' && status === 'active';
    const first = startsNow ? await this.firing.draft(task) : undefined;
    return this.changes.commit(async (manager) => {
      const now = await this.clock.now(manager);
      retime(task, now);
      const saved = await manager.save(task);
      const fire = first && (await this.firing.fireIn(manager, saved, first, now));
      const answer = Object.assign(toTaskResponse(saved), first && { run_id: first.run.id });
      await this.changes.answerIn(manager, answer);
      return { updates: [{ task: saved, change: 'created', ...(fire && { fire }) }], answer };
    });
  }

  list(userId: string, { project_id: projectId, status, ...page }: ListTasksDto): Promise<Page<TaskResponseDto>> {
    const query = this.policy.narrow(this.tasks.createQueryBuilder('task'), userId);
    if (projectId !== undefined) query.andWhere('task.projectId = :projectId', { projectId });
    if (status !== undefined) query.andWhere('task.status = :status', { status });
    return readPage(query, page, toTaskResponse);
  }

  /** @throws {TaskNotFoundError} when it is absent, or another's */
  async get(userId: string, id: string): Promise<Task> {
    const task = await this.readable(this.tasks.manager, userId, id).getOne();
    if (!task) throw new TaskNotFoundError(id);
    return task;
  }

  /**
   * A change of its timing counts from now on. It runs as whoever said last what it does: an editor must not make the
   * owner's account work.
   */
  async update(userId: string, id: string, dto: SaveTaskDto): Promise<TaskResponseDto> {
    const before = await this.writable(userId, id, 'write');
    const ownerId = saysWhatItDoes(dto) ? userId : before.ownerId;
    await this.checkTarget(mergeTask(before, dto), { ownerId, projectId: before.projectId });
    return this.change(userId, id, 'changed', async (task, now, manager) => {
      const [timing, maxRuns] = [timingKey(task), task.maxRuns];
      const pending = unrecordedDues(task, now);
      const content = mergeTask(task, dto);
      const writtenBy = writersAfter(userId, task, { name: content.name });
      Object.assign(task, content, { ownerId, writtenBy });
      if (dto.enabled !== undefined) task.status = dto.enabled ? 'active' : 'paused';
      const isRetimed = timingKey(task) !== timing;
      if (isRetimed) await recordFires(manager, pending, now);
      if (isRetimed || (task.nextDueAt === null && task.maxRuns !== maxRuns)) retime(task, now);
      settleStatus(task);
    });
  }

  /** Due instants are recorded as skipped while it is paused. */
  pause(userId: string, id: string): Promise<TaskResponseDto> {
    return this.change(userId, id, 'paused', async (task) => {
      task.status = 'paused';
    });
  }

  resume(userId: string, id: string): Promise<TaskResponseDto> {
    return this.change(userId, id, 'resumed', async (task) => {
      task.status = 'active';
      settleStatus(task);
    });
  }

  /** Runs that it started go on. */
  async remove(userId: string, id: string): Promise<void> {
    await this.writable(userId, id, 'remove');
    await this.changes.commit(async (manager) => {
      const task = await this.locked(manager, userId, id);
      await manager.delete(Task, { id });
      return { updates: [{ task, change: 'removed' }], answer: undefined };
    });
  }

  private async change(userId: string, id: string, change: TaskChange, edit: Edit): Promise<TaskResponseDto> {
    await this.writable(userId, id, 'write');
    return this.changes.commit(async (manager) => {
      const task = await this.locked(manager, userId, id);
      await edit(task, await this.clock.now(manager), manager);
      const saved = await manager.save(task);
      return { updates: [{ task: saved, change }], answer: toTaskResponse(saved) };
    });
  }

  /** Asked before the transaction, which must not wait for a second connection. @throws {NotAllowedError} */
  private async writable(userId: string, id: string, action: 'write' | 'remove'): Promise<Task> {
    const task = await this.get(userId, id);
    await this.policy.assertMay(userId, action, task);
    return task;
  }

  /** The row lock makes changes and the scheduler take turns. */
  private async locked(manager: EntityManager, userId: string, id: string): Promise<Task> {
    const task = await this.readable(manager, userId, id).setLock('pessimistic_write').getOne();
    if (!task) throw new TaskNotFoundError(id);
    return task;
  }

  private readable(manager: EntityManager, userId: string, id: string): SelectQueryBuilder<Task> {
    return this.policy.narrow(manager.createQueryBuilder(Task, 'task').where('task.id = :id', { id }), userId);
  }

  private async checkTarget(content: TaskContent, owner: Pick<Task, 'ownerId' | 'projectId'>): Promise<void> {
    if (content.target === null && content.prompt === '') {
      throw new InvalidInputError([{ path: '/prompt', code: 'REQUIRED', message: 'is required without a target' }]);
    }
    const { kind } = content.target ?? { kind: AGENT_TARGET };
    await this.targets.get(kind).check(content, owner);
  }
}

/** @param manager of the transaction that holds the task's row */
type Edit = (task: Task, now: Date, manager: EntityManager) => Promise<void>;

const DOING = ['target', 'prompt', 'system_prompt', 'attachments', 'dedicated_context'] as const;

function saysWhatItDoes(dto: SaveTaskDto): boolean {
  return DOING.some((field) => dto[field] !== undefined);
}

function retime(task: Task, now: Date): void {
  Object.assign(task, nextFireAfter(task, now.getTime()));
  settleStatus(task);
}

/** Whatever is never due again is done, unless somebody has put it on hold. */
function settleStatus(task: Task): void {
  if (task.maxRuns !== null && task.fireCount >= task.maxRuns) Object.assign(task, nextFireOf(task, undefined));
  if (task.status !== 'paused') task.status = task.nextDueAt === null ? 'completed' : 'active';
}

/** What decides when it is due. */
function timingKey({ plan, schedule, cron, timezone, startAt, endAt, jitterMs }: Task): string {
  return JSON.stringify([plan, schedule, cron, timezone, startAt, endAt, jitterMs]);
}
