import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { EmbeddedDatabaseError } from './embedded.errors.js';

/** Who runs the database server: PostgreSQL refuses to run as root. */
export interface ServiceUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
}

/**
 * The user that the server must run as, or undefined when that is simply us. The owner of an existing cluster stays its
 * owner, so that a folder made by one user also starts for root.
 */
export function chooseServiceUser(cluster: string): ServiceUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readUsers();
  const owner = existsSync(cluster) ? statSync(cluster).uid : 0;
  const user =
    owner === 0 ? (byName(users, 'postgres') ?? byName(users, 'nobody')) : users.find(({ uid }) => uid === owner);
  if (user) return user;
  throw new EmbeddedDatabaseError(
    'PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as. ' +
      'Start the server as another user, or set DATABASE_URL.',
  );
}

function byName(users: readonly ServiceUser[], name: string): ServiceUser | undefined {
  return users.find((user) => user.name === name);
}

/** The users of this machine: initdb wants one with an entry. */
function readUsers(): ServiceUser[] {
  return readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid }) => uid > 0);
}

/** Asks the system itself whether the user can enter a folder, since modes alone do not say (access lists, mounts). */
export function canEnter(folder: string, user: ServiceUser): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$0" && test -r .', folder], {
    uid: user.uid,
    gid: user.gid,
    cwd: '/',
    stdio: 'ignore',
  });
  return status === 0;
}
