import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { ConnectionLostError, DatabaseUnavailableError } from '../../database/database.errors.js';
import { BatchRefusedError, CommitUnknownError } from '../../engine/index.js';

const UNIQUE_VIOLATION = '23505';

/** Data that cannot be stored: class 22 (data exception), class 23 (constraint), 54 (a limit of PostgreSQL). */
const FAULT_OF_DATA = /^(22|23|54)/;

/** The database's own trouble (deadlock, resources, locks, intervention, I/O): the same may succeed a moment later. */
const FAULT_OF_DATABASE = /^(40|53|55|57|58|XX)/;

/** Shutdown of the server and failures of the connection. */
const FAULT_OF_CONNECTION = /^(57P|08)/;

export function isUniqueViolation(error: unknown): boolean {
  return sqlStateOf(error) === UNIQUE_VIOLATION;
}

export function isFaultOfData(error: unknown): boolean {
  return FAULT_OF_DATA.test(sqlStateOf(error) ?? '');
}

/** No answer, or none that tells: what was under way may have been carried out. */
export function isConnectionFailure(error: unknown): boolean {
  if (error instanceof ConnectionLostError || error instanceof DatabaseUnavailableError) return true;
  const cause = error instanceof QueryFailedError ? error.driverError : error;
  if (cause instanceof DatabaseError) return FAULT_OF_CONNECTION.test(cause.code ?? '');
  return isSocketError(cause);
}

/** What cannot be stored is refused; what may succeed later is told as unknown, so that it is read and tried again. */
export function toAppendError(error: unknown): unknown {
  if (isFaultOfData(error)) return new BatchRefusedError('the append was refused', {}, { cause: error });
  if (isConnectionFailure(error) || FAULT_OF_DATABASE.test(sqlStateOf(error) ?? '')) {
    return new CommitUnknownError('the append was not answered', {}, { cause: error });
  }
  return error;
}

function sqlStateOf(error: unknown): string | undefined {
  const cause = error instanceof QueryFailedError ? error.driverError : error;
  return cause instanceof DatabaseError ? cause.code : undefined;
}

/** node-postgres reports a lost connection as plain errors without a code, told apart by their message alone. */
function isSocketError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(ECONN|EPIPE|ETIMEDOUT|ENOENT)/.test(code) ||
    /^Connection terminated|not queryable|Connection ended/.test(error.message)
  );
}
