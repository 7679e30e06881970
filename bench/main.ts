import { PARTS } from './parts.js';
import { readOptions } from './support/options.js';

const { part, options } = readOptions(process.argv.slice(2));
const load = PARTS[part];
if (!load) throw new Error(`There is no part "${part}"; there are ${Object.keys(PARTS).join(', ')}`);
const { run } = await load();
await run(options);
