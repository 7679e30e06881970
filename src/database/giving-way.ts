import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager } from 'typeorm';
import { isCollision } from './collision.js';

const FIRST_WAIT_MS = 200;
const LAST_WAIT_MS = 12_800;

/**
 * A transaction over much that others change meanwhile. Where it waits for a lock for long, it lets go of all it has
 * and begins again: of two that wait for each other it is this one that gives way, as long as it waits for less than
 * the server does before it ends one of them (`deadlock_timeout`, 1 s). Each try waits twice as long as the one before,
 * so that it comes to its end though much is going on.
 */
export async function givingWay<T>(database: DataSource, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  for (let wait = FIRST_WAIT_MS; ; wait *= 2) {
    try {
      return await database.transaction(async (manager) => {
        await manager.query(`SET LOCAL lock_timeout = ${wait}`);
        return work(manager);
      });
    } catch (error) {
      if (wait >= LAST_WAIT_MS || !isCollision(error)) throw error;
    }
    await sleep(Math.random() * wait);
  }
}
