import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readEnvironment } from './read-environment.js';

describe('readEnvironment', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'troupe-env-'));
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('reads the file, over which the real environment wins', () => {
    const file = join(folder, '.env');
    writeFileSync(file, '# a comment\nHOST=file.example\nDEFAULT_MODEL="from the file"\n');
    vi.stubEnv('HOST', 'real.example');
    expect(readEnvironment(file)).toMatchObject({ HOST: 'real.example', DEFAULT_MODEL: 'from the file' });
  });

  it('needs no file', () => {
    vi.stubEnv('HOST', 'real.example');
    expect(readEnvironment(join(folder, 'absent'))['HOST']).toBe('real.example');
  });
});
