import { DatabaseError } from 'pg';
import { QueryFailedError } from 'typeorm';
import { isDatabaseUnavailable } from '../../common/errors/database-failure.js';
import { BatchRefusedError, CommitUnknownError, JournalFaultError } from '../../engine/index.js';

const UNIQUE_VIOLATION = '23505';

/** Data that cannot be stored: class 22 (data exception), class 23 (constraint), 54 (a limit of PostgreSQL). */
const FAULT_OF_DATA = /^(22|23|54)/;

/** The database's own trouble (deadlock, resources, locks, intervention, I/O): the same may succeed a moment later. */
const FAULT_OF_DATABASE = /^(40|53|55|57|58)/;

/** A fault inside the database, in answer to this very statement: it may come again each time. */
const INTERNAL_FAULT = /^XX/;

/** Likewise of a transaction whose work is somebody else's: a statement that takes too long may do so each time. */
const FAULT_OF_MOMENT = /^(40|53|55P03)/;

/** A type, function, operator or schema that is not there, or that is kept from us. */
const MISSING = new Set(['42704', '42883', '3F000', '42501']);

export function isUniqueViolation(error: unknown): boolean {
  return sqlStateOf(error) === UNIQUE_VIOLATION;
}

export function isFaultOfData(error: unknown): boolean {
  return FAULT_OF_DATA.test(sqlStateOf(error) ?? '');
}

export function isMissingInDatabase(error: unknown): boolean {
  return MISSING.has(sqlStateOf(error) ?? '');
}

/** What cannot be stored is refused; what may succeed later is told as unknown, so that it is read and tried again. */
export function toAppendError(error: unknown): unknown {
  if (isFaultOfData(error)) return new BatchRefusedError('the append was refused', {}, { cause: error });
  if (isDatabaseUnavailable(error) || FAULT_OF_DATABASE.test(sqlStateOf(error) ?? '')) {
    return new CommitUnknownError('the append was not answered', {}, { cause: error });
  }
  if (INTERNAL_FAULT.test(sqlStateOf(error) ?? ''))
    return new JournalFaultError('the append failed', {}, { cause: error });
  return error;
}

/** An effect that failed for a reason of the database's own is tried again; any other failure is that of its work. */
export function toEffectError(error: unknown): unknown {
  if (!isDatabaseUnavailable(error) && !FAULT_OF_MOMENT.test(sqlStateOf(error) ?? '')) return error;
  return new CommitUnknownError('the transaction of the effect was not answered', {}, { cause: error });
}

function sqlStateOf(error: unknown): string | undefined {
  const cause = error instanceof QueryFailedError ? error.driverError : error;
  return cause instanceof DatabaseError ? cause.code : undefined;
}
