// npm run bench [-- steps sockets …] [--quick] [--at 16,64]: figures of this product beside bare baselines. Each part
// runs in a process of its own, so that none measures what another left behind.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';

ensureBuilt();
const { PARTS } = await import('../dist/bench/parts.js');
const names = process.argv.slice(2).filter((argument) => argument in PARTS);
const options = process.argv.slice(2).filter((argument) => !(argument in PARTS));
const main = fileURLToPath(new URL('../dist/bench/main.js', import.meta.url));
const waiting = names.length > 0 ? names : Object.keys(PARTS);

// Quick figures mean nothing, so parts may be in each other's way; what is measured is alone.
const lanes = options.includes('--quick') ? availableParallelism() : 1;
await Promise.all(Array.from({ length: lanes }, work));

async function work() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const status = await runPart(name);
    if (status !== 0) process.exitCode = 1;
  }
}

/** @param {string} name */
function runPart(name) {
  const child = spawn(process.execPath, ['--expose-gc', main, name, ...options], { stdio: 'inherit' });
  return new Promise((resolve) => child.once('close', resolve));
}
