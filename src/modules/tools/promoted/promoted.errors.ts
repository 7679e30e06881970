import { DomainError } from '../../../common/errors/domain.error.js';

export class ToolNameTakenError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'TOOL_NAME_TAKEN';

  constructor(name: string) {
    super(`There is a tool ${name} here that was not promoted`, { name });
  }
}

export class TooManyPromotedToolsError extends DomainError {
  readonly kind = 'conflict';
  readonly code = 'TOO_MANY_PROMOTED_TOOLS';

  constructor(max: number) {
    super(`There may be ${max} promoted tools; remove one first`, { max });
  }
}

export class ToolVersionNotFoundError extends DomainError {
  readonly kind = 'not_found';
  readonly code = 'TOOL_VERSION_NOT_FOUND';

  constructor(name: string, version: number) {
    super(`The tool ${name} has no version ${version}`, { name, version });
  }
}
