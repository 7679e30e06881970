import type { Owned } from '../../projects/access-policy.js';
import type { Namespace } from '../namespace.js';

/** For what something is recalled: a run, or a part of one. */
export interface RecallScope extends Owned {
  readonly agentId?: string | null;
  readonly sessionId?: string | null;
  /** Others than its owner read the run, though it is in no project. */
  readonly isHeardByOthers?: boolean;
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

/**
 * Whether those who may read the run may read the memory: of a project's runs, what is of the project; where others listen
 * in no project, nothing. Pure.
 */
export function mayEnter({ projectId, isHeardByOthers = false }: RecallScope, memory: Owned): boolean {
  return projectId === null ? !isHeardByOthers : memory.projectId === projectId;
}
