import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findNativeFolder } from '../../src/database/embedded/binaries.js';
import { EmbeddedDatabase } from '../../src/database/embedded/embedded-database.js';
import { DatabaseInUseError } from '../../src/database/embedded/embedded.errors.js';
import { isRunning } from '../../src/database/embedded/process-info.js';
import { executeSql } from '../support/execute-sql.js';

const isRoot = process.getuid?.() === 0;

describe('EmbeddedDatabase', () => {
  let dataDir: string;
  const open: EmbeddedDatabase[] = [];

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'troupe-embedded-'));
    chmodSync(dataDir, 0o755);
  });

  afterEach(async () => {
    for (const database of open.splice(0)) await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Not durable unless asked: the tests kill processes, not machines. */
  async function start({ folder = dataDir, durable = false } = {}): Promise<EmbeddedDatabase> {
    const database = await EmbeddedDatabase.start({ dataDir: folder, durable });
    open.push(database);
    return database;
  }

  async function stop(): Promise<void> {
    await open.pop()?.stop();
  }

  it('keeps what was written over a stop, and leaves no process behind', async () => {
    const first = await start();
    await executeSql(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const pid = first.pid ?? 0;
    await stop();
    expect(isRunning(pid)).toBe(false);
    const second = await start();
    expect(await executeSql(second.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is durable, in UTF-8, and out of reach of the network', async () => {
    const { url } = await start({ durable: true });
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'server_encoding', 'listen_addresses', 'jit'];
    const rows = await executeSql<{ name: string; setting: string }>(
      url,
      `SELECT name, setting FROM pg_settings WHERE name IN (${names.map((name) => `'${name}'`).join()})`,
    );
    expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      server_encoding: 'UTF8',
      listen_addresses: '',
      jit: 'off',
    });
  });

  it('refuses a wrong password', async () => {
    const url = new URL((await start()).url);
    url.password = 'wrong';
    await expect(executeSql(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('refuses a second server on the same folder and names the process of the first', async () => {
    await start();
    const refusal = EmbeddedDatabase.start({ dataDir });
    await expect(refusal).rejects.toThrow(DatabaseInUseError);
    await expect(refusal).rejects.toThrow(`in use by process ${process.pid}`);
  });

  it('takes over the lock of a process that is gone, also when its id is in use again', async () => {
    await start();
    await stop();
    const lock = join(dataDir, 'postgres/owner.lock');
    writeFileSync(lock, JSON.stringify({ pid: process.pid, identity: 'an earlier boot:17' }));
    await start();
    expect(readFileSync(lock, 'utf8')).not.toContain('an earlier boot');
  });

  it('comes back after its server was killed, with all that was committed', async () => {
    const database = await start({ durable: true });
    await executeSql(database.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    const killed = database.pid ?? 0;
    process.kill(killed, 'SIGKILL');
    await expect
      .poll(() => executeSql(database.url, 'SELECT answer FROM kept').catch(() => []), { timeout: 15_000 })
      .toEqual([{ answer: 42 }]);
    expect(database.pid).not.toBe(killed);
  });

  it('starts in a folder whose path is too long for a socket', async () => {
    const deep = join(dataDir, 'a-folder-with-a-long-name'.repeat(4), 'and-another-one'.repeat(4));
    mkdirSync(deep, { recursive: true });
    const { url } = await start({ folder: deep });
    expect(await executeSql(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    const socketFolder = decodeURIComponent(new URL(url).hostname);
    expect(Buffer.byteLength(socketFolder)).toBeLessThan(94);
    await stop();
    expect(existsSync(socketFolder)).toBe(false);
  });

  it('makes the cluster anew when initdb was cut short', async () => {
    await start();
    await stop();
    const root = join(dataDir, 'postgres');
    rmSync(join(root, 'cluster'), { recursive: true });
    mkdirSync(join(root, 'cluster.draft'));
    writeFileSync(join(root, 'cluster.draft/PG_VERSION'), '18');
    expect(await executeSql((await start()).url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('says so when the cluster is of another major version', async () => {
    mkdirSync(join(dataDir, 'postgres/cluster'), { recursive: true });
    writeFileSync(join(dataDir, 'postgres/cluster/PG_VERSION'), '17\n');
    await expect(EmbeddedDatabase.start({ dataDir })).rejects.toThrow('made by PostgreSQL 17, this version brings 18');
  });

  it('stops a server that a killed owner left behind', async () => {
    await start();
    await stop();
    const leftOver = await startWithoutOwner(join(dataDir, 'postgres'));
    const { url } = await start();
    expect(await executeSql(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(isRunning(leftOver.pid ?? 0)).toBe(false);
  });

  it('leaves a process alone whose id an old postmaster.pid happens to name', async () => {
    await start();
    await stop();
    const bystander = spawn('sleep', ['60']);
    try {
      const cluster = join(dataDir, 'postgres/cluster');
      writeFileSync(join(cluster, 'postmaster.pid'), `${bystander.pid}\n${cluster}\n1\n5432\n\n\n0 0\n`);
      chownSync(join(cluster, 'postmaster.pid'), statSync(cluster).uid, statSync(cluster).gid);
      await start().catch(() => undefined); // refused by PostgreSQL when the other process is the same user's
      expect(isRunning(bystander.pid ?? 0)).toBe(true);
    } finally {
      bystander.kill();
    }
  });

  it.runIf(isRoot)('moves out of a folder the unprivileged user cannot enter, and finds its data again', async () => {
    chmodSync(dataDir, 0o700);
    const said: string[] = [];
    const first = await EmbeddedDatabase.start({
      dataDir,
      log: (level, line) => void (level === 'warn' && said.push(line)),
    });
    await executeSql(first.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await first.stop();
    const elsewhere = /the database is in (\S+)/.exec(said.join('\n'))?.[1] ?? '';
    try {
      expect(existsSync(join(dataDir, 'postgres'))).toBe(false);
      expect(statSync(elsewhere).mode & 0o777).toBe(0o700);
      expect(await executeSql((await start()).url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    } finally {
      await stop();
      rmSync(elsewhere, { recursive: true, force: true });
    }
  });
});

/** PostgreSQL as a killed owner leaves it when the watcher was killed too. */
async function startWithoutOwner(root: string): Promise<ChildProcess> {
  const cluster = join(root, 'cluster');
  const { uid, gid } = statSync(cluster);
  const child = spawn(
    join(findNativeFolder(), 'bin/postgres'),
    ['-D', cluster, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${join(root, 'run')}`],
    {
      uid,
      gid,
      stdio: 'ignore',
    },
  );
  while (
    !readdirSync(cluster).includes('postmaster.pid') ||
    !readFileSync(join(cluster, 'postmaster.pid'), 'utf8').includes('ready')
  ) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended with ${child.exitCode}`);
    await Promise.race([sleep(20), once(child, 'exit')]);
  }
  return child;
}
