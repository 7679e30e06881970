import { QueryFailedError } from 'typeorm';

/** Deadlock, serialisation failure, lock timeout. */
const COLLISIONS: ReadonlySet<unknown> = new Set(['40P01', '40001', '55P03']);

/** Whether two changes stood in each other's way, and this one has not been made: tried again it goes well. */
export function isCollision(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { code } = error.driverError as { code?: string }; // of pg
  return COLLISIONS.has(code);
}
