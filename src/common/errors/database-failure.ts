// PostgreSQL: connection exceptions (class 08), too many connections, shutdown, crash shutdown, not yet accepting.
const SQL_STATES = /^(08...|53300|57P0[123])$/;
const SYSTEM_CODES: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
// node-postgres reports these without any code.
const UNCODED = /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection)/;
const DRIVER_FRAME = /node_modules[\\/](pg|pg-pool|pg-protocol|typeorm)[\\/]/;

/** Whether a query failed because the database is away, and not because of the query. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const driverError = 'driverError' in error && error.driverError instanceof Error ? error.driverError : error;
  if (UNCODED.test(driverError.message)) return true;
  const code = 'code' in driverError ? driverError.code : undefined;
  if (typeof code === 'string' && SQL_STATES.test(code)) return true;
  return isConnectFailure(driverError, code) && comesFromDriver(error, driverError);
}

/** A Unix socket that nobody serves is reported as ENOENT on `connect`. */
function isConnectFailure(error: Error, code: unknown): boolean {
  return SYSTEM_CODES.has(code) || (code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect');
}

function comesFromDriver(error: Error, driverError: Error): boolean {
  return error !== driverError || DRIVER_FRAME.test(driverError.stack ?? '');
}
