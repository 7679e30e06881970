import { nodeVersionFault } from './start/node-version.js';

const fault = nodeVersionFault(process.versions.node);
if (fault) {
  process.stderr.write(`${fault}\n`);
  process.exit(1);
}

// Imported only now: an old Node would fail on some import with a message that helps nobody.
const { useCompileCache } = await import('./start/compile-cache.js');
useCompileCache();
const { runServer } = await import('./start/run-server.js');
await runServer();
