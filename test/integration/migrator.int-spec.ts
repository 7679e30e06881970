import { readdirSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { migrate } from '../../src/database/migrator.js';
import { executeSql } from '../support/execute-sql.js';

const files = readdirSync(new URL('../..', import.meta.url)).includes('migrations')
  ? readdirSync(new URL('../../migrations', import.meta.url)).filter((name) => name.endsWith('.ts'))
  : [];

describe('migrate', () => {
  const name = `troupe_migrate_${randomUUID().replaceAll('-', '')}`;
  const url = new URL(inject('testDatabaseAdminUrl'));
  url.pathname = `/${name}`;

  beforeEach(() => executeSql(inject('testDatabaseAdminUrl'), `CREATE DATABASE ${name}`));

  afterEach(() => executeSql(inject('testDatabaseAdminUrl'), `DROP DATABASE ${name} WITH (FORCE)`));

  it('applies each migration once when several processes start together', async () => {
    const applied = await Promise.all([migrate(url.href), migrate(url.href), migrate(url.href)]);
    expect(applied.flat()).toHaveLength(files.length);
    expect(await migrate(url.href)).toEqual([]);
  });
});
