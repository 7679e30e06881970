import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import type { Layout } from './layout.js';

/** The one role of the embedded database, and its one database. */
export const ROLE = 'troupe';

/** The major the binaries carry; there is no pg_upgrade among them, so a cluster of another major cannot be opened. */
const MAJOR = '18';

/** Makes the cluster on the first start. An initdb cut short leaves a draft, never half a cluster. */
export async function ensureCluster(layout: Layout, durable: boolean): Promise<void> {
  if (existsSync(layout.cluster)) return refuseOtherMajor(layout.cluster);
  const draft = `${layout.cluster}.draft`;
  rmSync(draft, { recursive: true, force: true });
  writePassword(layout);
  await runInitdb(layout, [...initdbArguments(layout, draft), ...(durable ? [] : ['--no-sync'])]);
  renameSync(draft, layout.cluster);
}

/** Only keeps other users of this machine out, so it is made here and kept where only the server's user reads. */
function writePassword(layout: Layout): void {
  rmSync(layout.passwordFile, { force: true });
  writeFileSync(layout.passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (layout.user) chownSync(layout.passwordFile, layout.user.uid, layout.user.gid);
}

export function readPassword(layout: Layout): string {
  return readFileSync(layout.passwordFile, 'utf8').trim();
}

function refuseOtherMajor(cluster: string): void {
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (found === MAJOR) return;
  throw new EmbeddedDatabaseError(
    `${cluster} was made by PostgreSQL ${found}, this version brings ${MAJOR}. Start the version of Troupe that made it and export, or choose another DATA_DIR.`,
  );
}

/** A locale of its own, so that order and case do not depend on the machine; plain `C` would give SQL_ASCII. */
function initdbArguments(layout: Layout, draft: string): string[] {
  const access = ['-U', ROLE, `--pwfile=${layout.passwordFile}`, '-A', 'scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return ['-D', draft, ...access, ...locale];
}

async function runInitdb(layout: Layout, given: readonly string[]): Promise<void> {
  const child = spawn(join(layout.binFolder, 'initdb'), given, {
    uid: layout.user?.uid,
    gid: layout.user?.gid,
    cwd: layout.root,
    env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0)
    throw new EmbeddedDatabaseError(`initdb failed (${code}): ${output.trim().split('\n').slice(-5).join(' | ')}`);
}
