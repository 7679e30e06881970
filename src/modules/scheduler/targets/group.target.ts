import { Injectable } from '@nestjs/common';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { isId } from '../../../common/ids/id.js';
import { MessagesService } from '../../groups/messages/messages.service.js';
import type { Task } from '../entities/task.entity.js';
import {
  type TargetContent,
  type TargetKind,
  type TargetRun,
  type TaskTarget,
  TaskTargets,
  withPrompt,
} from './task-target.js';

const MAX_CONTENT = 32_000;

/** `{ kind: 'group', group_id, content }`, by default of the task's prompt: a message of the task's owner, and the turn that it begins. */
@Injectable()
@TaskTargets('group')
export class GroupTarget implements TargetKind {
  constructor(private readonly messages: MessagesService) {}

  async check(task: TargetContent, { ownerId }: Pick<Task, 'ownerId'>): Promise<void> {
    await this.messages.assertAnswers(ownerId, groupIdIn(task.target), contentIn(task));
  }

  prepare(task: Task): Promise<TargetRun> {
    return this.messages.prepare(task.ownerId, groupIdIn(task.target), contentIn(task));
  }
}

function groupIdIn(target: TaskTarget | null): string {
  const id = target?.['group_id'];
  if (typeof id === 'string' && isId(id)) return id.toLowerCase();
  throw refused('group_id', 'must be the id of a group');
}

function contentIn(task: TargetContent): string {
  const { content } = withPrompt(task, 'content');
  if (typeof content === 'string' && content.length > 0 && content.length <= MAX_CONTENT) return content;
  throw refused('content', `must be a text of at most ${MAX_CONTENT} characters`);
}

function refused(field: string, message: string): InvalidInputError {
  return new InvalidInputError([{ path: `/target/${field}`, code: 'REQUIRED', message }]);
}
