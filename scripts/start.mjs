// Builds when needed, then is the server: in this very process, so that signals reach it.
import { ensureBuilt } from './build.mjs';

ensureBuilt();
await import('../dist/src/main.js');
