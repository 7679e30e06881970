// npm run bench [-- steps sockets …] [--quick] [--at 16,64]: figures of this product beside bare baselines. Each part
// runs in a process of its own, so that none measures what another left behind.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';

ensureBuilt();
const { PARTS } = await import('../dist/bench/parts.js');
const names = process.argv.slice(2).filter((argument) => argument in PARTS);
const options = process.argv.slice(2).filter((argument) => !(argument in PARTS));
const main = fileURLToPath(new URL('../dist/bench/main.js', import.meta.url));
for (const name of names.length > 0 ? names : Object.keys(PARTS)) {
  const { status } = spawnSync(process.execPath, ['--expose-gc', main, name, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
