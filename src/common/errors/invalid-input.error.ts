import { DomainError, type InputFault } from './domain.error.js';

/** What was sent is malformed or breaks a rule; it carries every fault found. */
export class InvalidInputError extends DomainError {
  readonly kind = 'invalid';
  readonly code: string;

  constructor(
    private readonly found: readonly InputFault[],
    { code = 'INVALID_INPUT', cause }: { code?: string; cause?: unknown } = {},
  ) {
    super(describe(found), {}, { cause });
    this.code = code;
  }

  override get faults(): readonly InputFault[] {
    return this.found;
  }
}

function describe(faults: readonly InputFault[]): string {
  const [first] = faults;
  if (!first) return 'The request is invalid';
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return `${first.path === '' ? 'body' : first.path}: ${first.message}${more}`;
}
