// A database of its own for a check: the embedded PostgreSQL in a temporary folder, gone afterwards.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedDatabase } from '../../dist/src/database/embedded/embedded-database.js';

/** Calls `work` with the address of an empty database. */
export async function withScratchDatabase(work) {
  const dataDir = mkdtempSync(join(tmpdir(), 'troupe-ci-'));
  chmodSync(dataDir, 0o755); // as root the server runs as another user, who has to enter
  const database = await EmbeddedDatabase.start({ dataDir, durable: false });
  try {
    return await work(database.url);
  } finally {
    await database.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
