import { DiscoveryService } from '@nestjs/core';
import type { StartRun } from '../../execution/execution.service.js';
import type { Task } from '../entities/task.entity.js';

/** What a task starts, in the words of the wire: `{ kind: 'flow', flow_id }`, … */
export interface TaskTarget {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** A run that a task may start: all but what the scheduler says of it. */
export type TargetRun = Pick<
  StartRun,
  'kind' | 'input' | 'refs' | 'timeoutMs' | 'projectId' | 'alongside' | 'concurrency'
> &
  // Default: the owner of the task.
  Partial<Pick<StartRun, 'ownerId'>>;

/** What a task says of what it does. */
export type TargetContent = Pick<Task, 'target' | 'prompt' | 'systemPrompt' | 'attachments' | 'dedicatedContext'>;

/** The prompt of the task stands for what its target has not said itself. */
export function withPrompt({ target, prompt }: TargetContent, field: string): Readonly<Record<string, unknown>> {
  return { ...(prompt !== '' && { [field]: prompt }), ...target };
}

/** Starts one kind of target. Register one by `@TaskTargets('flow')`; both throw a DomainError that says what is wrong. */
export interface TargetKind {
  /** When a task is saved: whether the fields are there, and what they name exists for the owner. */
  check(task: TargetContent, owner: Pick<Task, 'ownerId' | 'projectId'>): Promise<void>;
  /** When it fires, as the owner. */
  prepare(task: Task): Promise<TargetRun>;
  /** Whether tasks of one owner, project and target start the same, so that it is read once for all that are due together. */
  readonly isAlike?: boolean;
}

export const TaskTargets = DiscoveryService.createDecorator<string>();
