// Builds dist when the sources differ from those it was built from. `--force` builds anyway. Run by `prepare` and `npm start`.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stampFile = join(root, 'dist/.sources.json');
const sourceFolders = ['src', 'migrations', 'bench', 'test/support', 'clients/typescript/src'];
const settings = ['package.json', 'package-lock.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];

/** Builds when needed; a failed build ends the process with the compiler's messages. */
export function ensureBuilt({ force = false } = {}) {
  const found = hashSources();
  const built = readStamp();
  if (!force && isSame(found, built)) return;
  const nest = join(root, 'node_modules/@nestjs/cli/bin/nest.js');
  if (!existsSync(nest)) return withoutCompiler(built);
  // The compiler leaves the output of removed sources behind, and migrations are found by their files.
  if (Object.keys(built).some((file) => !(file in found)) || force)
    rmSync(join(root, 'dist'), { recursive: true, force: true });
  build(nest);
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile, JSON.stringify(found));
}

function build(nest) {
  process.stdout.write('Building…\n');
  rmSync(stampFile, { force: true });
  const { status } = spawnSync(process.execPath, [nest, 'build'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** An installation without development packages: an image that brings its dist along, or will get one. */
function withoutCompiler(built) {
  if (Object.keys(built).length > 0) return;
  process.stderr.write(
    'Nothing is built, and the compiler is not installed: run `npm ci` with development packages.\n',
  );
  if (process.env.npm_lifecycle_event !== 'prepare') process.exit(1);
}

function hashSources() {
  const files = [
    ...settings.filter((file) => existsSync(join(root, file))),
    ...sourceFolders.flatMap(listSources),
  ].toSorted((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash('sha1')
        .update(readFileSync(join(root, file)))
        .digest('base64'),
    ]),
  );
}

function listSources(folder) {
  if (!existsSync(join(root, folder))) return [];
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => /(?<!spec)\.ts$|\.json$/.test(file)).map((file) => join(folder, file));
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {}; // never built, or a build that failed
  }
}

function isSame(found, built) {
  const files = Object.keys(found);
  return files.length === Object.keys(built).length && files.every((file) => found[file] === built[file]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureBuilt({ force: process.argv.includes('--force') });
