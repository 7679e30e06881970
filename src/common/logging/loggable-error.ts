const MAX_CAUSES = 5;

export interface LoggableError {
  readonly type: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly code?: unknown;
  readonly cause?: unknown;
}

/** Only what every error has: others of its fields carry the parameters of queries and the headers of requests. */
export function loggableError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error;
  const { message, stack, cause } = error;
  const code = 'code' in error ? error.code : undefined;
  const loggable: LoggableError = { type: error.name, message, stack, code };
  return cause === undefined || depth >= MAX_CAUSES
    ? loggable
    : { ...loggable, cause: loggableError(cause, depth + 1) };
}
