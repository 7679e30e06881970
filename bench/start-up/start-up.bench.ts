import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../../test/support/server-process.js';
import { median } from '../support/median.js';
import type { BenchOptions } from '../support/options.js';
import { printTable } from '../support/table.js';

const READY = /Troupe is ready at/;

/** `node dist/src/main.js` until it says that it is ready: on an empty folder, and again on the same one. */
export async function run({ rounds }: BenchOptions): Promise<void> {
  const cold: number[] = [];
  const warm: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const folder = mkdtempSync(join(tmpdir(), 'troupe-bench-'));
    chmodSync(folder, 0o755); // as root the server's database runs as another user, who has to enter
    cold.push(await startOnce(folder));
    warm.push(await startOnce(folder));
    rmSync(folder, { recursive: true, force: true });
  }
  printTable(
    `Start-up, embedded database (median of ${rounds})`,
    ['', 'seconds'],
    [
      ['cold: cluster made, migrated, seeded', median(cold)],
      ['warm', median(warm)],
    ],
  );
}

async function startOnce(dataDir: string): Promise<number> {
  const startedAt = performance.now();
  const server = new ServerProcess('dist/src/main.js', { DATA_DIR: join(dataDir, 'data'), PORT: '0' });
  try {
    await server.sees(READY);
    return (performance.now() - startedAt) / 1000;
  } finally {
    server.signal('SIGTERM');
    await server.exited;
  }
}
