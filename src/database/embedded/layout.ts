import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyNativeFolder, findNativeFolder, makeLibraryLinks } from './binaries.js';
import { EmbeddedDatabaseError } from './embedded.errors.js';
import { canEnter, chooseServiceUser, type ServiceUser } from './service-user.js';

/** Where everything of one embedded database lies, and who runs it. */
export interface Layout {
  /** Owned by the server's user, mode 0700. */
  readonly root: string;
  readonly cluster: string;
  readonly passwordFile: string;
  readonly lockFile: string;
  readonly socketFolder: string;
  readonly binFolder: string;
  readonly user: ServiceUser | undefined;
  /** Set when the server's user cannot enter the data folder, so that the database lies elsewhere. */
  readonly relocatedFrom: string | undefined;
}

/** `<folder>/.s.PGSQL.5432` must fit the 107 bytes of a Unix socket's path. */
const LONGEST_SOCKET_FOLDER_BYTES = 107 - '/.s.PGSQL.5432'.length;

/** Chooses and makes the folders of the database that belongs to a data folder. */
export function prepareLayout(dataDir: string): Layout {
  mkdirSync(dataDir, { recursive: true });
  const home = realpathSync(dataDir);
  const user = chooseServiceUser(join(home, 'postgres', 'cluster'));
  const relocated = user !== undefined && !canEnter(home, user);
  const root = relocated ? join(stateFolder(), `troupe-${shortHash(home)}`) : join(home, 'postgres');
  makeOwnFolder(root, user);
  return {
    root,
    user,
    cluster: join(root, 'cluster'),
    passwordFile: join(root, 'password'),
    lockFile: join(root, 'owner.lock'),
    socketFolder: prepareSocketFolder(root, user),
    binFolder: join(prepareBinaries(root, user), 'bin'),
    relocatedFrom: relocated ? home : undefined,
  };
}

/** The database must outlive a restart of the machine, which a temporary folder does not everywhere. */
function stateFolder(): string {
  for (const folder of ['/var/lib', '/var/tmp']) {
    try {
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // a system without it, or read-only: the next one
    }
  }
  return tmpdir();
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Mode 0700, owned by the server's user. What somebody else put there before us is not used. */
function makeOwnFolder(folder: string, user: ServiceUser | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const us = process.getuid?.() ?? found.uid;
  if (!found.isDirectory() || ![us, user?.uid].includes(found.uid)) {
    throw new EmbeddedDatabaseError(
      `${folder} belongs to another user: start the server as that user, or choose another DATA_DIR.`,
    );
  }
  if (user) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
}

function prepareSocketFolder(root: string, user: ServiceUser | undefined): string {
  const beside = join(root, 'run');
  const name = `troupe-run-${shortHash(root)}`;
  const fits = [beside, join(tmpdir(), name), join('/tmp', name)].find(
    (folder) => Buffer.byteLength(folder) <= LONGEST_SOCKET_FOLDER_BYTES,
  );
  const folder = fits ?? beside;
  makeOwnFolder(folder, user);
  return folder;
}

/** What lies outside the root is not left behind. Called when the server has ended. */
export function removeOutsideRoot({ root, socketFolder }: Layout): void {
  if (socketFolder !== join(root, 'run')) rmSync(socketFolder, { recursive: true, force: true });
}

/** The package's own binaries where they can be used, else a copy beside the data. */
function prepareBinaries(root: string, user: ServiceUser | undefined): string {
  const native = realpathSync(findNativeFolder());
  if (tryMakeLinks(native) && (!user || canEnter(join(native, 'bin'), user))) return native;
  const version = readFileSync(join(native, '../package.json'), 'utf8');
  const copy = join(root, `native-${shortHash(native + version)}`);
  copyNativeFolder(native, copy);
  return copy;
}

function tryMakeLinks(native: string): boolean {
  try {
    makeLibraryLinks(native);
    return true;
  } catch {
    return false; // the packages are not ours to write: a copy will do
  }
}
