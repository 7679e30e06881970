import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type DueInstantDto, type PreviewTaskDto, toDueInstant } from './dto/preview.dto.js';
import { type TaskDetailsDto, toTaskFire, toTaskResponse } from './dto/task-response.dto.js';
import type { Task } from './entities/task.entity.js';
import { TaskFire } from './entities/task-fire.entity.js';
import { DatabaseClock } from '../../common/time/database-clock.js';
import { upcoming } from './schedule/task-timing.js';
import { readTiming } from './task-content.js';
import { boundsOf, type TimedFields, timingOf } from './task-timing-of.js';
import { TasksService } from './tasks.service.js';

const NEXT = 5;
const LAST = 10;

/** What a task did and will do. */
@Injectable()
export class TaskDetails {
  constructor(
    private readonly tasks: TasksService,
    private readonly clock: DatabaseClock,
    private readonly database: DataSource,
  ) {}

  async get(userId: string, taskId: string): Promise<TaskDetailsDto> {
    const task = await this.tasks.get(userId, taskId);
    const fires = await this.database.manager.find(TaskFire, {
      where: { taskId: task.id },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: LAST,
    });
    const next_fires = await this.nextOf(task, NEXT);
    return Object.assign(toTaskResponse(task), { next_fires, history: fires.map(toTaskFire) });
  }

  async preview(userId: string, taskId: string, count: number): Promise<DueInstantDto[]> {
    return this.nextOf(await this.tasks.get(userId, taskId), count);
  }

  /** Of a schedule that nobody has saved. @throws {InvalidInputError} */
  previewOf(dto: PreviewTaskDto): Promise<DueInstantDto[]> {
    return this.upcoming(readTiming(dto), dto.count);
  }

  private nextOf(task: Task, count: number): Promise<DueInstantDto[]> {
    if (task.nextDueAt === null) return Promise.resolve([]);
    const firesLeft = task.maxRuns === null ? count : task.maxRuns - task.fireCount;
    return this.upcoming(task, Math.min(count, firesLeft));
  }

  private async upcoming(fields: TimedFields, count: number): Promise<DueInstantDto[]> {
    const now = await this.clock.now(this.database.manager);
    const dues = upcoming(timingOf(fields), boundsOf(fields), now.getTime(), count);
    return dues.map((due) => toDueInstant(due, fields.timezone));
  }
}
