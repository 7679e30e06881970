import type { Owned } from '../../projects/access-policy.js';
import type { Namespace } from '../namespace.js';

/** For what something is recalled: a run, or a part of one. */
export interface RecallScope extends Owned {
  readonly agentId?: string | null;
  readonly sessionId?: string | null;
}

/**
 * What is looked at. A run in a project is read by all its members: of a person's own memory nothing gets into it.
 * Pure.
 */
export function namespacesOf({ ownerId, projectId, agentId, sessionId }: RecallScope): readonly Namespace[] {
  return [
    projectId === null ? { scope: 'user', id: ownerId } : { scope: 'project', id: projectId },
    ...(agentId ? [{ scope: 'agent', id: agentId } as const] : []),
    ...(sessionId ? [{ scope: 'session', id: sessionId } as const] : []),
  ];
}

/** Whether those who may read the run may read the memory: of a project's runs, what is of the project. Pure. */
export function mayEnter({ projectId }: RecallScope, memory: Owned): boolean {
  return projectId === null || memory.projectId === projectId;
}
