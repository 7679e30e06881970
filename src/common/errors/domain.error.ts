/** The kind of failure; the HTTP filter and the gateway each map it once. */
export type ErrorKind =
  'invalid' | 'unauthorized' | 'forbidden' | 'not_found' | 'conflict' | 'too_large' | 'too_many' | 'unavailable';

/** One fault of an input. `path` is a JSON pointer into the body, or `?name` for a query parameter. */
export interface InputFault {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** A failure that a caller can expect and understand. Anything else is a bug and answers 500 without details. */
export abstract class DomainError extends Error {
  abstract readonly kind: ErrorKind;
  /** Stable, listed in docs/errors.md, e.g. `PROJECT_NOT_FOUND`. */
  abstract readonly code: string;

  constructor(
    message: string,
    readonly details: Readonly<Record<string, unknown>> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }

  /** All faults of an input at once. */
  get faults(): readonly InputFault[] {
    return [];
  }

  /** Seconds after which the same request may succeed. */
  get retryAfterSeconds(): number | undefined {
    return undefined;
  }
}
