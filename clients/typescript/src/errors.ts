import type { ProblemDto } from './generated/types.gen.js';

/** What a caller of this package can expect to fail; `code` is stable. */
export class TroupeError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The server has refused a request. */
export class TroupeProblemError extends TroupeError {
  constructor(
    readonly status: number,
    readonly problem: ProblemDto,
  ) {
    super(problem.code, problem.detail);
  }

  /** By which the server's operators find the request. */
  get traceId(): string {
    return this.problem.trace_id;
  }
}

/** What a request has failed with, as an error of this package wherever the server has said why. */
export function toError(error: unknown, response: Response | undefined): unknown {
  if (response && isProblem(error)) return new TroupeProblemError(response.status, error);
  if (response) return new TroupeError('UNEXPECTED_ANSWER', `The server answered ${response.status}`);
  return new TroupeError('UNREACHABLE', 'The server cannot be reached', { cause: error });
}

function isProblem(error: unknown): error is ProblemDto {
  return typeof error === 'object' && error !== null && 'code' in error && 'detail' in error;
}
