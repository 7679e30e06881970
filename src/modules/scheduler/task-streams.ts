import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { currentTraceId } from '../../common/tracing/current-trace.js';
import { BehaviorScopes } from '../behavior/behavior-scopes.js';
import { AccessPolicy } from '../projects/access-policy.js';
import { type SharedEvent, SharedStreamWriter } from '../streams/shared-stream-writer.js';
import { StreamAccess } from '../streams/stream-access.js';
import type { StreamEvent } from '../streams/stream-event.js';
import { StreamHub } from '../streams/stream-hub.js';
import { streamName } from '../streams/stream-name.js';
import { Task } from './entities/task.entity.js';
import type { TaskFire } from './entities/task-fire.entity.js';

export type TaskChange = 'created' | 'changed' | 'paused' | 'resumed' | 'removed' | 'fire' | 'settled';

/** Something that happened to a task, and to which of its due instants. */
export interface TaskUpdate {
  readonly task: Task;
  readonly change: TaskChange;
  readonly fire?: Pick<TaskFire, 'dueAt' | 'status' | 'reason' | 'runId'> & { readonly runStatus?: string };
}

/** The streams of tasks: each change is told in the task's own and, as a copy, in its owner's. */
@Injectable()
export class TaskStreams implements OnModuleInit {
  constructor(
    private readonly shared: SharedStreamWriter,
    private readonly hub: StreamHub,
    private readonly access: StreamAccess,
    private readonly policy: AccessPolicy,
    private readonly database: DataSource,
    private readonly behaviorScopes: BehaviorScopes,
  ) {}

  onModuleInit(): void {
    const mayRead = async (id: string, userId: string): Promise<boolean> => {
      const task = await this.database.manager.findOneBy(Task, { id });
      return task !== null && (await this.policy.permissionsOn(userId, task)).has('read');
    };
    this.access.register('task', mayRead);
    this.behaviorScopes.register('task', (userId, id) => mayRead(id, userId));
  }

  /** Locks the streams until the commit: the last thing that a transaction does. */
  updatedIn(manager: EntityManager, updates: readonly TaskUpdate[]): Promise<readonly StreamEvent[]> {
    const traceId = currentTraceId();
    return this.shared.appendIn(
      manager,
      updates.flatMap((update) => eventsOf(update, traceId)),
    );
  }

  /** After the commit. */
  publish(events: readonly StreamEvent[]): void {
    this.hub.publish(events);
  }
}

function eventsOf({ task, change, fire }: TaskUpdate, traceId: string): SharedEvent[] {
  const namedBy = task.writtenBy['name'];
  const data = {
    task_id: task.id,
    name: task.name,
    ...(namedBy !== undefined && namedBy !== task.ownerId && { named_by: namedBy }),
    change,
    status: task.status,
    next_due_at: task.nextDueAt?.toISOString() ?? null,
    ...(fire && { fire: fireData(fire) }),
  };
  const event = { type: 'task.update', payload: JSON.stringify(data), ownerId: task.ownerId, traceId };
  const { projectId } = task;
  return [
    { ...event, stream: streamName('task', task.id), projectId },
    { ...event, stream: streamName('user', task.ownerId), projectId },
  ];
}

function fireData({ dueAt, status, reason, runId, runStatus }: NonNullable<TaskUpdate['fire']>) {
  return {
    due_at: dueAt.toISOString(),
    status,
    ...(reason !== null && { reason }),
    ...(runId !== null && { run_id: runId }),
    ...(runStatus !== undefined && { run_status: runStatus }),
  };
}
