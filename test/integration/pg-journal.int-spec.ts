import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EntityManager } from 'typeorm';
import { CommitUnknownError, type Lease } from '../../src/engine/index.js';
import { row, StoreDriver } from '../../src/engine/testing/stores.js';
import { openStoreHouse, type StoreHouse } from '../support/execution-stores.js';

const OPEN_TRANSACTIONS = `SELECT count(*)::integer AS open FROM pg_stat_activity
  WHERE datname = current_database() AND backend_xid IS NOT NULL`;

describe('PgJournal.transact', () => {
  let house: StoreHouse;
  let at: StoreDriver;
  let lease: Lease;

  beforeAll(async () => {
    house = await openStoreHouse();
    await house.dataSource.query('CREATE TABLE effects (id integer PRIMARY KEY, n integer NOT NULL DEFAULT 0)');
    await house.dataSource.query('INSERT INTO effects (id) VALUES (1), (2)');
  });
  afterAll(() => house.close());

  beforeEach(async () => {
    at = new StoreDriver(await house.makeStores());
    lease = await at.started();
  });

  const transact = (work: (manager: EntityManager) => Promise<unknown>) =>
    at.stores.journal.transact(lease, 1, async (tx) => {
      await work(tx as EntityManager);
      return [row('done')];
    });

  it('says that a deadlock may be tried again: it is no fault of the work', async () => {
    const update = (manager: EntityManager, id: number) =>
      manager.query('UPDATE effects SET n = n + 1 WHERE id = $1', [id]);
    let holdsTwo: () => void = () => undefined;
    const twoHeld = new Promise<void>((resolve) => (holdsTwo = resolve));
    let holdsOne: () => void = () => undefined;
    const oneHeld = new Promise<void>((resolve) => (holdsOne = resolve));
    const other = house.dataSource.transaction(async (manager) => {
      await manager.query(`SET LOCAL deadlock_timeout = '60s'`);
      await update(manager, 2);
      holdsTwo();
      await oneHeld;
      await update(manager, 1);
    });
    const ours = transact(async (manager) => {
      await twoHeld;
      await update(manager, 1);
      holdsOne();
      await new Promise((resolve) => setTimeout(resolve, 100));
      await update(manager, 2);
    });
    await expect(ours).rejects.toBeInstanceOf(CommitUnknownError);
    await other;
  });

  it('does not leave a transaction open when the work fails like a connection', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });
    const attempt = transact(async (manager) => {
      await manager.query('UPDATE effects SET n = n + 1 WHERE id = 1');
      throw refused;
    });
    await expect(attempt).rejects.toBeInstanceOf(CommitUnknownError);
    expect(await house.dataSource.query(OPEN_TRANSACTIONS)).toEqual([{ open: 0 }]);
  });

  it('does not blame the work when its connection is lost between two statements', async () => {
    const attempt = transact(async (manager) => {
      const [own] = await manager.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
      await house.dataSource.query('SELECT pg_terminate_backend($1)', [own.pid]);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await manager.query('UPDATE effects SET n = n + 1 WHERE id = 1');
    });
    await expect(attempt).rejects.toBeInstanceOf(CommitUnknownError);
  });

  it('does not blame the work when every connection of the pool is taken', async () => {
    const taken = Array.from({ length: 8 }, () => house.dataSource.createQueryRunner());
    for (const runner of taken) await runner.connect();
    await expect(transact(() => Promise.resolve())).rejects.toBeInstanceOf(CommitUnknownError);
    for (const runner of taken) await runner.release();
  });

  it('ends the transaction of a process that stands still in the middle of it', async () => {
    const [setting] = await house.dataSource.query('SHOW idle_in_transaction_session_timeout');
    expect(setting).toEqual({ idle_in_transaction_session_timeout: '10s' });
  });
});
