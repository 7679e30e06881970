// A tour against the running server: `npm run demo`, or `npm run demo -- "an idea of your own"`.
import { ensureBuilt } from './build.mjs';

ensureBuilt();
await import('../dist/src/demo/main.js');
