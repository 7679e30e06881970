import { Client } from 'pg';
import { describe, expect, it } from 'vitest';
import { executeSql } from '../support/execute-sql.js';
import { createTestDatabase } from '../support/test-database.js';

describe('createTestDatabase', () => {
  it('gives each caller a database of its own, dropped even while somebody is connected', async () => {
    const [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await executeSql(first.url, 'CREATE TABLE only_here (id int)');
    expect(await executeSql(second.url, `SELECT to_regclass('only_here') AS found`)).toEqual([{ found: null }]);

    const idle = new Client({ connectionString: first.url });
    idle.on('error', () => undefined);
    await idle.connect();
    await first.drop();
    await expect(executeSql(first.url, 'SELECT 1')).rejects.toMatchObject({ code: '3D000' });
    await idle.end().catch(() => undefined);
    await second.drop();
  });

  it('has every migration of the repository applied', async () => {
    const database = await createTestDatabase();
    expect(await executeSql(database.url, `SELECT to_regclass('migrations')::text AS found`)).toEqual([
      { found: 'migrations' },
    ]);
    await database.drop();
  });
});
