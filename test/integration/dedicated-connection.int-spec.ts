import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConnectionLostError, DatabaseUnavailableError } from '../../src/database/database.errors.js';
import { DedicatedConnection, type Statement } from '../../src/database/dedicated-connection.js';
import { CommitUnknownError } from '../../src/engine/errors.js';
import { appendOf, row, StoreDriver } from '../../src/engine/testing/stores.js';
import { openStoreHouse, type StoreHouse } from '../support/execution-stores.js';

const PID: Statement = { name: 'pid', text: 'SELECT pg_backend_pid()' };
const SLEEP: Statement = { name: 'sleep', text: 'SELECT pg_sleep($1)' };
const DIVIDE: Statement = { name: 'divide', text: 'SELECT 1 / $1::integer' };

describe('DedicatedConnection', () => {
  let house: StoreHouse;
  let connection: DedicatedConnection;
  const lost: Error[] = [];

  beforeAll(async () => {
    house = await openStoreHouse();
    connection = new DedicatedConnection({ url: house.url, name: 'dedicated', onLost: (error) => lost.push(error) });
  });
  afterAll(async () => {
    await connection.close();
    await house.close();
  });

  const pid = async () => (await connection.query<[number]>(PID, []))[0]?.[0];

  it('keeps its connection when a statement is refused', async () => {
    const before = await pid();
    await expect(connection.query(DIVIDE, [0])).rejects.toMatchObject({ code: '22012' });
    expect(await pid()).toBe(before);
  });

  it('tells that an answer was lost, and connects again by itself', async () => {
    const before = await pid();
    const sleeping = connection.query(SLEEP, [20]);
    sleeping.catch(() => undefined);
    await house.dataSource.query('SELECT pg_terminate_backend($1)', [before]);
    await expect(sleeping).rejects.toBeInstanceOf(ConnectionLostError);
    expect(await pid()).not.toBe(before);
    expect(lost).toHaveLength(1);
  });

  it('survives the loss of an idle connection', async () => {
    const before = await pid();
    await house.dataSource.query('SELECT pg_terminate_backend($1)', [before]);
    await expect.poll(() => lost.length).toBe(2);
    expect(await pid()).not.toBe(before);
  });

  it('gives up a statement it could not send', async () => {
    const nowhere = new URL(house.url);
    nowhere.pathname = '/absent';
    const other = new DedicatedConnection({ url: nowhere.href, name: 'nowhere', connectWithinMs: 200 });
    await expect(other.query(PID, [])).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await other.close();
  });

  it('leaves an append unknown when its connection goes, and outcomeOf tells', async () => {
    const stores = await house.makeStores();
    const lease = await new StoreDriver(stores).started();
    const append = appendOf(lease, 1, [row('a')]);
    await stores.journal.append([append]);
    await house.dataSource.transaction(async (manager) => {
      // An open insert of the same key makes the append wait, so that its connection can be cut meanwhile.
      const next = appendOf(lease, 2, [row('b')]);
      await manager.query(
        `INSERT INTO event_logs (stream, seq, name, payload, trace_id) VALUES ($1, 2, 'x', '1', gen_random_uuid())`,
        [lease.streamId],
      );
      const sent = stores.journal.append([next]);
      sent.catch(() => undefined);
      await expect.poll(() => house.terminate(manager, 'troupe journal')).toBe(1);
      await expect(sent).rejects.toBeInstanceOf(CommitUnknownError);
      expect(await stores.journal.outcomeOf(next)).toEqual({ kind: 'not_committed' });
    });
    expect((await stores.journal.outcomeOf(append)).kind).toBe('committed');
  });
});
