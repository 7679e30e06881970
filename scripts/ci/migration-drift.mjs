// Tells whether the entities say what the migrations make: TypeORM must find nothing to generate.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { migrate } from '../../dist/src/database/migrator.js';
import { withScratchDatabase } from './scratch-database.mjs';

const TYPEORM = fileURLToPath(new URL('../../node_modules/typeorm/cli.js', import.meta.url));
const ARGUMENTS = ['migration:generate', '--check', '-d', 'dist/src/database/data-source.js', 'migrations/Drift'];

await withScratchDatabase(async (url) => {
  await migrate(url);
  const { status } = spawnSync(process.execPath, [TYPEORM, ...ARGUMENTS], {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 60_000,
  });
  process.exitCode = status ?? 1;
});
