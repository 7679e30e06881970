// Writes the generated part of clients/typescript from openapi.json and events.json. `--check` only tells whether it is
// up to date; `--build` compiles the package into clients/typescript/dist.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateClient } from './client/generate.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const generated = join(root, 'clients/typescript/src/generated');

function contents(folder) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const file = join(parentPath, name);
      return [file.slice(folder.length), readFileSync(file, 'utf8')];
    }),
  );
}

function isSame(left, right) {
  return left.size === right.size && [...left].every(([file, text]) => right.get(file) === text);
}

function build() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  rmSync(join(root, 'clients/typescript/dist'), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [tsc, '-p', join(root, 'clients/typescript')], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

const folder = mkdtempSync(join(tmpdir(), 'troupe-client-'));
try {
  await generateClient(root, folder);
  if (process.argv.includes('--check')) {
    if (!isSame(contents(folder), contents(generated))) {
      process.stderr.write('clients/typescript is not what the documents say: run `npm run client` and commit it.\n');
      process.exitCode = 1;
    }
  } else {
    rmSync(generated, { recursive: true, force: true });
    cpSync(folder, generated, { recursive: true });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (process.argv.includes('--build') && !process.exitCode) build();
