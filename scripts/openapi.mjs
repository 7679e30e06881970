// Writes openapi.json from the built application, without a database. `--check` only tells whether it is up to date.
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';

const file = fileURLToPath(new URL('../openapi.json', import.meta.url));

async function makeDocument() {
  ensureBuilt();
  const [{ NestFactory }, { AppModule }, { createAdapter }, { loadConfig }, { API_PREFIX }, { createDocument }] =
    await Promise.all([
      import('@nestjs/core'),
      import('../dist/src/app.module.js'),
      import('../dist/src/app.setup.js'),
      import('../dist/src/config/load-config.js'),
      import('../dist/src/common/http/versioned-url.js'),
      import('../dist/src/common/openapi/openapi-document.js'),
    ]);
  // Keys of its own, so that none are made and kept; no database is looked for, since a preview builds nothing.
  const key = randomBytes(32).toString('hex');
  const config = loadConfig({ JWT_SECRET: key, ENCRYPTION_KEY: key, BACKOFFICE_SETUP_TOKEN: key });
  const app = await NestFactory.create(AppModule.register(config), createAdapter(), { preview: true, logger: false });
  app.setGlobalPrefix(API_PREFIX);
  return `${JSON.stringify(createDocument(app), undefined, 2)}\n`;
}

const document = await makeDocument();
if (!process.argv.includes('--check')) {
  writeFileSync(file, document);
} else if (readFileSync(file, 'utf8') !== document) {
  process.stderr.write('openapi.json is not what the code says: run `npm run openapi` and commit it.\n');
  process.exitCode = 1;
}
