// Writes events.json from the built code. `--check` only tells whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';

const file = fileURLToPath(new URL('../events.json', import.meta.url));

ensureBuilt();
const { eventCatalogue } = await import('../dist/src/modules/events/catalogue/event-catalogue.js');
const catalogue = `${JSON.stringify(eventCatalogue(), undefined, 2)}\n`;
if (!process.argv.includes('--check')) {
  writeFileSync(file, catalogue);
} else if (readFileSync(file, 'utf8') !== catalogue) {
  process.stderr.write('events.json is not what the code says: run `npm run events` and commit it.\n');
  process.exitCode = 1;
}
