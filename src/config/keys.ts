import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Environment } from './environment.schema.js';

export interface Keys {
  readonly jwtSecret: string;
  readonly encryptionKey: Buffer;
  readonly backofficeSetupToken: string;
}

export const KEY_VARIABLES = ['JWT_SECRET', 'ENCRYPTION_KEY', 'BACKOFFICE_SETUP_TOKEN'] as const;

/** What tutorials and examples put in place of a key; by chance they do not turn up in a random one. */
const WELL_KNOWN =
  /changeme|changethis|replaceme|replacethis|secret|password|example|default|placeholder|insecure|troupe|0123456789|abcdefgh/i;
const FEWEST_DIFFERENT_CHARACTERS = 6;

/** Faults of the keys in production, where nothing is generated and nothing known is taken. */
export function productionKeyFaults(raw: Readonly<Record<string, string | undefined>>): string[] {
  return KEY_VARIABLES.flatMap((name) => {
    const value = raw[name];
    if (!value) return [`${name}: is required when NODE_ENV=production`];
    return isWellKnown(value)
      ? [`${name}: is a well-known value; make one of your own, e.g. with \`openssl rand -hex 32\``]
      : [];
  });
}

function isWellKnown(value: string): boolean {
  return WELL_KNOWN.test(value.replace(/[^a-z\d]/gi, '')) || new Set(value).size < FEWEST_DIFFERENT_CHARACTERS;
}

const storedKeysSchema = z.object({
  JWT_SECRET: z.string().min(32),
  ENCRYPTION_KEY: z.string().regex(/^[\da-f]{64}$/),
  BACKOFFICE_SETUP_TOKEN: z.string().min(16),
});
type StoredKeys = z.output<typeof storedKeysSchema>;

/**
 * The keys of the environment; what it does not name is made on the first start and kept in the data folder.
 *
 * @returns also the set-up token when it was made just now, to be shown once
 */
export function resolveKeys(env: Environment): Keys & { readonly newSetupToken: string | undefined } {
  const { keys, isNew } = needsStore(env) ? loadOrMakeKeys(env.DATA_DIR) : { keys: undefined, isNew: false };
  const kept = (name: keyof StoredKeys): string => keys?.[name] ?? '';
  return {
    jwtSecret: env.JWT_SECRET ?? kept('JWT_SECRET'),
    encryptionKey: env.ENCRYPTION_KEY ?? Buffer.from(kept('ENCRYPTION_KEY'), 'hex'),
    backofficeSetupToken: env.BACKOFFICE_SETUP_TOKEN ?? kept('BACKOFFICE_SETUP_TOKEN'),
    newSetupToken: isNew && !env.BACKOFFICE_SETUP_TOKEN ? keys?.BACKOFFICE_SETUP_TOKEN : undefined,
  };
}

function needsStore(env: Environment): boolean {
  return KEY_VARIABLES.some((name) => env[name] === undefined);
}

function loadOrMakeKeys(dataDir: string): { keys: StoredKeys; isNew: boolean } {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'keys.json');
  const isNew = publish(path, JSON.stringify(makeKeys(), undefined, 2));
  return { keys: readKeys(path), isNew };
}

function makeKeys(): StoredKeys {
  return {
    JWT_SECRET: randomBytes(32).toString('hex'),
    ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    BACKOFFICE_SETUP_TOKEN: randomBytes(16).toString('hex'),
  };
}

/** Puts the file there whole, unless it is there: of two processes that start together, both use the first one's. */
function publish(path: string, content: string): boolean {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, content, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readKeys(path: string): StoredKeys {
  try {
    return storedKeysSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Error(
      `${path} does not hold usable keys. Put back the file, or remove it to have new keys made (all sessions end).`,
      { cause: error },
    );
  }
}
