import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { ConnectionLostError, DatabaseUnavailableError } from '../../database/database.errors.js';

// PostgreSQL: connection exceptions (class 08), too many connections, shutdown, crash shutdown, not yet accepting.
const SQL_STATES = /^(08...|53300|57P0[123])$/;
const SYSTEM_CODES: ReadonlySet<unknown> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT']);
// While a connection is made, and while it is greeted.
const SYSCALLS: ReadonlySet<unknown> = new Set(['connect', 'getaddrinfo', 'read', 'write']);
// node-postgres reports these without any code.
const UNCODED =
  /^(Connection (terminated|ended)|timeout exceeded when trying to connect|Client (has encountered a connection|was closed))/;

const LET_GO = [QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError];

/** Whether a query failed because the database is away, and not because of the query. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof DatabaseUnavailableError || error instanceof ConnectionLostError) return true;
  // A connection that is lost between two statements of a transaction is let go of at once.
  if (LET_GO.some((type) => error instanceof type)) return true;
  if (UNCODED.test(error.message) || isConnectFailure(error)) return true;
  const driverError = 'driverError' in error && error.driverError instanceof Error ? error.driverError : error;
  const code = 'code' in driverError ? driverError.code : undefined;
  if (typeof code === 'string' && SQL_STATES.test(code)) return true;
  // Whatever the reason, the server has let go of the connection, or not let us in.
  if ('severity' in driverError && driverError.severity === 'FATAL') return true;
  return error !== driverError && (UNCODED.test(driverError.message) || SYSTEM_CODES.has(code));
}

const FOREIGN_KEY_VIOLATION = '23503';

/** Whether something that a new record refers to was removed since it was looked at. */
export function isReferenceGone(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code, detail } = error.driverError as { code?: string; detail?: string }; // of pg
  return code === FOREIGN_KEY_VIOLATION && detail?.includes('is not present in table') === true;
}

/**
 * The pool hands on what the system said. Nothing else of ours connects without wrapping such an error: `fetch` has it
 * as the cause of its own.
 */
function isConnectFailure(error: Error): boolean {
  return 'syscall' in error && SYSCALLS.has(error.syscall);
}
