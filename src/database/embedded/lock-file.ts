import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseInUseError, EmbeddedDatabaseError } from './embedded.errors.js';
import { processIdentity } from './process-info.js';

interface Owner {
  readonly pid: number;
  readonly identity: string | undefined;
}

/**
 * Makes this process the owner of a data folder. An owner that died without letting go does not count: its id and
 * start no longer match a living process.
 *
 * @returns gives the folder back
 * @throws {DatabaseInUseError} when another living process owns the folder
 */
export function acquireLock(path: string, folder: string): () => void {
  const own = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) } satisfies Owner);
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, own, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      if (tryLink(draft, path)) return () => releaseLock(path, own);
      refuseLivingOwner(path, folder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  throw new EmbeddedDatabaseError(
    `Could not take the lock ${path}: other processes keep taking it. Start one server per data folder.`,
  );
}

/** A hard link is there whole or not at all, so nobody reads a half-written lock. */
function tryLink(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function refuseLivingOwner(path: string, folder: string): void {
  const text = readLock(path);
  if (text === undefined) return;
  const owner = parseOwner(text);
  if (owner && owner.identity === processIdentity(owner.pid)) throw new DatabaseInUseError(owner.pid, folder);
  removeStale(path, text);
}

/** Moves the lock aside before judging it again: between reading and removing, another process may have taken it. */
function removeStale(path: string, expected: string): void {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // somebody else removed it
  }
  if (readLock(aside) !== expected) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function releaseLock(path: string, own: string): void {
  if (readLock(path) === own) rmSync(path, { force: true });
}

function readLock(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parseOwner(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Partial<Owner>;
    return Number.isInteger(owner.pid) && typeof owner.identity === 'string' ? (owner as Owner) : undefined;
  } catch {
    return undefined; // not ours, or cut short by a full disk
  }
}
