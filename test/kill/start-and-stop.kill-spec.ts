import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning } from '../../src/database/embedded/process-info.js';
import { executeSql } from '../support/execute-sql.js';
import { ServerProcess, type Environment } from '../support/server-process.js';

const READY = /Troupe is ready at (http:\S+)/;
const DATABASE_URL = /^postgresql:\S+$/m;

describe('the server as a process', () => {
  let dataDir: string;
  const running: ServerProcess[] = [];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'troupe-start-'));
    chmodSync(dataDir, 0o755);
  });

  afterEach(async () => {
    for (const server of running.splice(0)) {
      server.signal('SIGKILL');
      await server.exited;
    }
    while (isRunning(postgresPid())) await sleep(10);
    rmSync(dataDir, { recursive: true, force: true });
  });

  function run(script: string, env: Environment = {}): ServerProcess {
    const server = new ServerProcess(script, { DATA_DIR: dataDir, PORT: '0', ...env });
    running.push(server);
    return server;
  }

  function postgresPid(): number {
    try {
      return Number(readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0]);
    } catch {
      return 2 ** 30; // no server, no file: an id nothing has
    }
  }

  it.each(['SIGTERM', 'SIGINT'] as const)('ends with 0 on %s and leaves nothing running', async (signal) => {
    const server = run('scripts/start.mjs');
    await server.sees(READY);
    const postgres = postgresPid();
    expect(isRunning(postgres)).toBe(true);
    server.signal(signal);
    expect(await server.exited).toBe(0);
    expect(isRunning(postgres)).toBe(false);
  });

  it('takes a signal while it is still starting', async () => {
    const server = run('scripts/start.mjs', { LOG_LEVEL: 'debug' });
    await server.sees(/starting PostgreSQL/);
    server.signal('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  it('takes a Ctrl-C that npm passes on a second time for one', async () => {
    const server = run('scripts/start.mjs');
    await server.sees(READY);
    server.signal('SIGINT');
    server.signal('SIGINT');
    expect(await server.exited).toBe(0);
  });

  it('shows the set-up token on the first start only', async () => {
    for (const expected of [true, false]) {
      const server = run('scripts/start.mjs');
      await server.sees(/Try next/);
      expect(server.output.includes('set-up token')).toBe(expected);
      server.signal('SIGTERM');
      expect(await server.exited).toBe(0);
    }
  });

  it('refuses to start with every fault of the configuration in words', async () => {
    const server = run('scripts/start.mjs', {
      NODE_ENV: 'production',
      LEASE_SECONDS: 'soon',
      JWT_SECRET: 'changeme'.repeat(8),
    });
    expect(await server.exited).toBe(1);
    for (const name of ['LEASE_SECONDS', 'JWT_SECRET', 'ENCRYPTION_KEY', 'BACKOFFICE_SETUP_TOKEN']) {
      expect(server.output).toContain(`  - ${name}: `);
    }
    expect(server.output).not.toContain('    at ');
  });

  it('names the port that is taken', async () => {
    const first = run('scripts/start.mjs');
    const port = new URL((await first.sees(READY))[1] ?? '').port;
    const second = run('scripts/start.mjs', { PORT: port, DATA_DIR: join(dataDir, 'second') });
    expect(await second.exited).toBe(1);
    expect(second.output).toContain(`Port ${port} is in use`);
  });

  it('takes its database along when it is killed, and starts again on what was written', async () => {
    const first = run('scripts/db.mjs');
    const [url] = await first.sees(DATABASE_URL);
    await executeSql(url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const postgres = postgresPid();
    first.signal('SIGKILL');
    await expect.poll(() => isRunning(postgres), { interval: 10, timeout: 3_000 }).toBe(false);

    const second = run('scripts/db.mjs');
    const [again] = await second.sees(DATABASE_URL);
    expect(await executeSql(again, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    second.signal('SIGINT');
    expect(await second.exited).toBe(0);
  });

  it('starts at once after a kill, while the old database is still on its way out', async () => {
    for (let round = 0; round < 5; round += 1) {
      const server = run('scripts/db.mjs');
      await server.sees(DATABASE_URL);
      server.signal('SIGKILL');
    }
    const last = run('scripts/db.mjs');
    const [url] = await last.sees(DATABASE_URL);
    expect(await executeSql(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('serves several processes from one database', async () => {
    const database = run('scripts/db.mjs');
    const [DATABASE_URL_VALUE] = await database.sees(DATABASE_URL);
    const servers = [1, 2].map((n) =>
      run('scripts/start.mjs', { DATABASE_URL: DATABASE_URL_VALUE, DATA_DIR: join(dataDir, `server-${n}`) }),
    );
    const addresses = await Promise.all(servers.map(async (server) => (await server.sees(READY))[1]));
    expect(new Set(addresses).size).toBe(2);
  });
});
