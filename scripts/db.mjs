// The embedded database alone, for several processes on one machine: prints its address, ends on Ctrl-C.
import { ensureBuilt } from './build.mjs';

ensureBuilt();
const { runDatabase } = await import('../dist/src/start/run-database.js');
await runDatabase();
