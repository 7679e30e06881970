import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commonOptions } from '../../src/database/data-source-options.js';
import { PooledClient } from '../../src/database/pooled-client.js';
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
});
