import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ConfigError } from './config.errors.js';
import { loadConfig, type RawEnvironment } from './load-config.js';

const KEYS = {
  JWT_SECRET: '5f1c9a7be2d048366bd1c0ffe1a29384d7e6',
  ENCRYPTION_KEY: 'b1946ac92492d2347c6235b4d2611184f3a1c9d07e5b8246a9ce0d1f37b285e4',
  BACKOFFICE_SETUP_TOKEN: 'c81e728d9d4c2f636f06',
};

function faultsOf(env: RawEnvironment): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

describe('loadConfig', () => {
  let DATA_DIR: string;

  beforeEach(() => {
    DATA_DIR = mkdtempSync(join(tmpdir(), 'troupe-config-'));
  });

  afterEach(() => rmSync(DATA_DIR, { recursive: true }));

  it('needs nothing outside production', () => {
    const { server, database, engine, providers } = loadConfig({ DATA_DIR });
    expect(server).toMatchObject({
      port: 8000,
      host: '127.0.0.1',
      production: false,
      drainSeconds: 20,
      corsOrigins: [],
    });
    expect([...server.roles]).toEqual(['api', 'worker', 'scheduler']);
    expect(database).toEqual({ url: undefined, poolSize: 10 });
    expect(engine.leaseSeconds).toBe(15);
    expect(providers.credentials.openai).toEqual({ apiKey: undefined, baseUrl: undefined, maxConcurrentCalls: 64 });
  });

  it('takes an empty value for none', () => {
    expect(loadConfig({ DATA_DIR, PORT: '', DATABASE_URL: ' ' })).toMatchObject({
      server: { port: 8000 },
      database: { url: undefined },
    });
  });

  it('names every fault at once', () => {
    const faults = faultsOf({
      PORT: 'http',
      LEASE_SECONDS: '0',
      ROLES: 'api,boss',
      DATABASE_URL: 'mysql://x',
      OPENAI_BASE_URL: 'localhost',
    });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'PORT',
      'ROLES',
      'DATABASE_URL',
      'LEASE_SECONDS',
      'OPENAI_BASE_URL',
    ]);
    expect(faults[0]).toBe('PORT: must be a number (it is "http")');
  });

  it('shows no secret in a fault', () => {
    expect(faultsOf({ JWT_SECRET: 'hunter2', DATABASE_URL: 'hunter2' }).join()).not.toContain('hunter2');
  });

  it('takes a provider of vectors only with its model', () => {
    const EMBEDDING_PROVIDER = 'openai';
    expect(loadConfig({ DATA_DIR }).providers.embedding).toBeUndefined();
    expect(loadConfig({ DATA_DIR, EMBEDDING_PROVIDER, EMBEDDING_MODEL: 'small' }).providers.embedding).toEqual({
      providerId: 'openai',
      model: 'small',
    });
    expect(faultsOf({ DATA_DIR, EMBEDDING_PROVIDER })).toEqual([expect.stringContaining('EMBEDDING_MODEL')]);
  });

  it('makes keys once, readable by nobody else, and keeps them', () => {
    const first = loadConfig({ DATA_DIR });
    const second = loadConfig({ DATA_DIR });
    expect(first.newSetupToken).toBe(first.auth.backofficeSetupToken);
    expect(second.newSetupToken).toBeUndefined();
    expect(second.auth).toEqual(first.auth);
    expect(first.auth.encryptionKey).toHaveLength(32);
    expect(statSync(join(DATA_DIR, 'keys.json')).mode & 0o777).toBe(0o600);
  });

  it('takes the keys of the environment and then writes no file', () => {
    const { auth } = loadConfig({ DATA_DIR, ...KEYS });
    expect(auth.jwtSecret).toBe(KEYS.JWT_SECRET);
    expect(auth.encryptionKey.toString('hex')).toBe(KEYS.ENCRYPTION_KEY);
    expect(() => readFileSync(join(DATA_DIR, 'keys.json'))).toThrow('ENOENT');
  });

  it('takes an encryption key as base64 too', () => {
    const ENCRYPTION_KEY = Buffer.from(KEYS.ENCRYPTION_KEY, 'hex').toString('base64');
    expect(loadConfig({ DATA_DIR, ...KEYS, ENCRYPTION_KEY }).auth.encryptionKey.toString('hex')).toBe(
      KEYS.ENCRYPTION_KEY,
    );
  });

  describe('in production', () => {
    const NODE_ENV = 'production';

    it('refuses missing keys, all of them at once', () => {
      expect(faultsOf({ NODE_ENV, DATA_DIR })).toEqual([
        'JWT_SECRET: is required when NODE_ENV=production',
        'ENCRYPTION_KEY: is required when NODE_ENV=production',
        'BACKOFFICE_SETUP_TOKEN: is required when NODE_ENV=production',
      ]);
    });

    it.each(['your-256-bit-secret-your-256-bit-secret', 'change-me-change-me-change-me-change-me', 'a'.repeat(64)])(
      'refuses the well-known key %s',
      (JWT_SECRET) => {
        expect(faultsOf({ NODE_ENV, DATA_DIR, ...KEYS, JWT_SECRET })).toEqual([
          expect.stringContaining('JWT_SECRET: is a well-known value'),
        ]);
      },
    );

    it("starts with keys of one's own", () => {
      expect(loadConfig({ NODE_ENV, DATA_DIR, ...KEYS }).server.production).toBe(true);
    });
  });
});
