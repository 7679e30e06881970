import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { RawEnvironment } from './load-config.js';

/** The environment of the process, over what the `.env` file of the working directory says. */
export function readEnvironment(envFile = '.env'): RawEnvironment {
  const fromFile = existsSync(envFile) ? parseEnv(readFileSync(envFile, 'utf8')) : {};
  return { ...fromFile, ...process.env };
}
