import { DomainError } from '../../common/errors/domain.error.js';
import type { Action } from './roles.js';

export class ProjectNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'PROJECT_NOT_FOUND';
  constructor(projectId: string) {
    super(`No project with id ${projectId}`, { projectId });
  }
}

export class MemberNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'MEMBER_NOT_FOUND';
  constructor(userId: string) {
    super(`The project has no member with id ${userId}`, { userId });
  }
}

/** For what one may see. What one may not see is absent. */
export class NotAllowedError extends DomainError {
  readonly kind = 'forbidden';
  readonly code = 'ROLE_NOT_ALLOWED';
  constructor(action: Action) {
    super(`Your role in the project does not allow you to ${action} this`, { action });
  }
}

export class LastOwnerError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'LAST_OWNER';
  constructor() {
    super('A project needs an owner: make another member the owner first');
  }
}
