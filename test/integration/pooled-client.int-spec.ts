import { DataSource, type EntityManager } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isDatabaseUnavailable } from '../../src/common/errors/database-failure.js';
import { commonOptions } from '../../src/database/data-source-options.js';
import { PooledClient } from '../../src/database/pooled-client.js';
import { executeSql } from '../support/execute-sql.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  source = await new DataSource(commonOptions(database.url, 1)).initialize();
  await source.query('CREATE TABLE things (id integer PRIMARY KEY, name text)');
});
afterAll(async () => {
  await source?.destroy();
  await database?.drop();
});

async function repeat(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time += 1) await work();
}

const PREPARED = `SELECT count(*)::int AS count FROM pg_prepared_statements WHERE statement LIKE '%prepared here%'`;

describe(PooledClient.name, () => {
  it('prepares what is asked often, once', async () => {
    const prepared = async () => (await source.query<[{ count: number }]>(PREPARED))[0].count;
    const ask = () => source.query('SELECT $1::int AS one /* prepared here */', [1]);
    await repeat(4, ask);
    expect(await prepared()).toBe(0);
    await repeat(4, ask);
    expect(await prepared()).toBe(1);
    expect(await ask()).toEqual([{ one: 1 }]);
  });

  it('goes on when the table of a prepared statement becomes another', async () => {
    const ask = () => source.query('SELECT * FROM things WHERE id = $1', [7]);
    await source.query(`INSERT INTO things VALUES (7, 'a')`);
    await repeat(6, ask);
    await source.query('ALTER TABLE things ADD COLUMN size integer');
    expect(await ask()).toEqual([{ id: 7, name: 'a', size: null }]);
    await ask();
    await source.query('ALTER TABLE things DROP COLUMN size');
    await expect(
      source.transaction((manager) => manager.query('SELECT * FROM things WHERE id = $1', [7])),
    ).rejects.toThrow(/cached plan/);
    expect(await ask()).toEqual([{ id: 7, name: 'a' }]);
  });

  it('commits and rolls back, and what fails leaves nothing behind', async () => {
    const insert = (id: number) => source.manager.query('INSERT INTO things VALUES ($1, $2)', [id, 'b']);
    const count = async () =>
      (await source.query<[{ count: number }]>('SELECT count(*)::int AS count FROM things'))[0].count;
    const before = await count();
    await source.transaction(
      async (manager) => void (await manager.query('INSERT INTO things VALUES ($1, $2)', [8, 'b'])),
    );
    const failing = source.transaction(async (manager) => {
      await manager.query('INSERT INTO things VALUES ($1, $2)', [9, 'b']);
      await manager.query('SELECT 1 / $1::int', [0]);
    });
    await expect(failing).rejects.toThrow(/division by zero/);
    await source.transaction(async () => undefined);
    await insert(10);
    expect(await count()).toBe(before + 2);
  });

  it('forgets a prepared statement that is gone, or whose values could not be sent', async () => {
    const ask = (value: unknown) => source.query('SELECT $1::jsonb AS value', [value]);
    await repeat(6, () => ask({ a: 1 }));
    await source.query('DEALLOCATE ALL');
    expect(await ask({ a: 2 })).toEqual([{ value: { a: 2 } }]);
    await repeat(2, () => ask({ a: 1 }));
    await expect(ask({ a: 3n })).rejects.toThrow(/BigInt/);
    const within = source.transaction((manager) => manager.query('SELECT $1::jsonb AS value', [{ a: 4 }]));
    expect(await within).toEqual([{ value: { a: 4 } }]);
  });

  it('takes values of any kind under one name', async () => {
    const ask = (bytes: unknown, list: unknown, id: unknown) =>
      source.query('SELECT $1::bytea AS bytes, $2::int[] AS list, $3::int AS id', [bytes, list, id]);
    await repeat(6, () => ask(Buffer.from([0, 255]), [1, 2], 7));
    expect(await ask(null, null, '7')).toEqual([{ bytes: null, list: null, id: 7 }]);
    expect(await ask('\\x00ff', '{3}', null)).toEqual([{ bytes: Buffer.from([0, 255]), list: [3], id: null }]);
  });

  it('starts transactions as they are wanted: of another isolation level, within others, and rolled back', async () => {
    const level = (manager: EntityManager) => manager.query('SHOW transaction_isolation');
    expect(await source.transaction('SERIALIZABLE', level)).toEqual([{ transaction_isolation: 'serializable' }]);
    const insert = (manager: EntityManager, id: number) => manager.query('INSERT INTO things VALUES ($1)', [id]);
    await source.transaction(async (manager) => {
      await insert(manager, 20);
      await expect(manager.transaction((inner) => insert(inner, 20))).rejects.toThrow(/duplicate/);
      await insert(manager, 21);
    });
    await expect(source.transaction(() => Promise.reject(new Error('before anything is asked')))).rejects.toThrow(
      /asked/,
    );
    expect(await source.query('SELECT id FROM things WHERE id >= 20 ORDER BY id')).toEqual([{ id: 20 }, { id: 21 }]);
  });

  it('fails with a connection that is lost within a transaction, and goes on with another', async () => {
    const lost = source.transaction(async (manager) => {
      const [{ pid }] = await manager.query<[{ pid: number }]>('SELECT pg_backend_pid() AS pid');
      await executeSql(database.url, `SELECT pg_terminate_backend(${pid})`);
      await manager.query('SELECT 1');
    });
    const error = await lost.catch((failure: unknown) => failure);
    expect(isDatabaseUnavailable(error)).toBe(true);
    expect(await source.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
