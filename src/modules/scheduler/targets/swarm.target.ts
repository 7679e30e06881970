import { Injectable } from '@nestjs/common';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { isId } from '../../../common/ids/id.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { SwarmStarts } from '../../swarm/swarm-starts.service.js';
import type { Task } from '../entities/task.entity.js';
import { type TargetContent, type TargetKind, type TargetRun, TaskTargets, withPrompt } from './task-target.js';

type Wish = { readonly prompt: string } | { readonly projectId: string };

const MAX_PROMPT = 20_000;

/** `{ kind: 'swarm', prompt | project_id }`, by default of the task's prompt: a project of its own each time, or what is left to do in one. */
@Injectable()
@TaskTargets('swarm')
export class SwarmTarget implements TargetKind {
  constructor(
    private readonly starts: SwarmStarts,
    private readonly policy: AccessPolicy,
  ) {}

  async check(task: TargetContent, { ownerId }: Pick<Task, 'ownerId'>): Promise<void> {
    const wish = wishIn(task);
    if ('projectId' in wish) await this.policy.assertMayIn(ownerId, 'run', wish.projectId);
  }

  async prepare(task: Task): Promise<TargetRun> {
    const wish = wishIn(task);
    if ('projectId' in wish) return this.starts.prepare(task.ownerId, wish.projectId, {});
    return this.starts.prepareWithProject(task.ownerId, wish.prompt);
  }
}

/** @throws {InvalidInputError} */
function wishIn(task: TargetContent): Wish {
  const projectId = task.target?.['project_id'];
  const { prompt } = projectId === undefined ? withPrompt(task, 'prompt') : { ...task.target };
  const isPrompt = typeof prompt === 'string' && prompt.trim() !== '' && prompt.length <= MAX_PROMPT;
  if (isPrompt && projectId === undefined) return { prompt };
  if (prompt === undefined && typeof projectId === 'string' && isId(projectId)) {
    return { projectId: projectId.toLowerCase() };
  }
  const message = `must be a text of at most ${MAX_PROMPT} characters; or else project_id the id of a project`;
  throw new InvalidInputError([{ path: '/target/prompt', code: 'REQUIRED', message }]);
}
