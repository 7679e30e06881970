import { describe, expect, it } from 'vitest';
import { SchemaChecks } from '../schema-checks.js';
import { faultsOf, PART_OF_NAME, PROMOTED_PERMISSION, type PromotedManifest, toManifest } from './promoted-manifest.js';

const MANIFEST: PromotedManifest = {
  name: 'prices/with-vat',
  description: 'Adds VAT.',
  inputSchema: { type: 'object' },
  outputSchema: null,
  permissions: [],
  timeoutSeconds: 10,
  sideEffects: 'none',
  approval: 'never',
  solutionId: '0199f0a0-0000-7000-8000-000000000001',
};

describe(toManifest, () => {
  it.each([
    ['none', 'retry', true],
    ['idempotent', 'retry', false],
    ['other', 'fail', false],
  ] as const)('makes of side effects that are %s: %s, parallel %s', (sideEffects, onInterrupted, isParallel) => {
    expect(toManifest({ ...MANIFEST, sideEffects }, 3)).toMatchObject({ version: 3, onInterrupted, isParallel });
  });

  it('has an output schema only where there is one', () => {
    expect(toManifest(MANIFEST, 1)).not.toHaveProperty('outputSchema');
    expect(toManifest({ ...MANIFEST, outputSchema: {} }, 1).outputSchema).toEqual({});
  });
});

describe(faultsOf, () => {
  const faulty = (more: Partial<PromotedManifest>) =>
    faultsOf({ ...MANIFEST, ...more }, new SchemaChecks()).map(({ path, code }) => `${path} ${code}`);

  it('finds every fault', () => {
    expect(faulty({})).toEqual([]);
    const wrong = { inputSchema: { type: 'string' }, outputSchema: { type: 'x' }, permissions: ['memory:write'] };
    expect(faulty(wrong)).toEqual([
      '/input_schema SCHEMA_INVALID',
      '/output_schema SCHEMA_INVALID',
      '/side_effects NOT_ALLOWED',
    ]);
    expect(faulty({ permissions: ['fs:write'], sideEffects: 'idempotent' })).toEqual([]);
  });
});

describe('what names and permissions look like', () => {
  it.each(['a', 'with-vat', '1_2', 'a'.repeat(40)])('%s is a name', (name) => expect(name).toMatch(PART_OF_NAME));

  it.each(['', 'Ä', 'A', '-a', 'a/b', 'a.b', 'а', 'a\n', '__proto__', 'a'.repeat(41)])('%j is none', (name) => {
    expect(name).not.toMatch(PART_OF_NAME);
  });

  it.each([
    'net:api.example.com',
    'net:127.0.0.1',
    'fs:read',
    'fs:write',
    'memory:read',
    'memory:write',
    'knowledge:read',
  ])('%s may be declared', (permission) => expect(permission).toMatch(PROMOTED_PERMISSION));

  it.each(['net', 'net:', 'net:*', 'net:a/b', 'net:A', 'exec', 'agents', 'people', 'mcp:x', 'fs:read\n', ' fs:read'])(
    '%j may not',
    (permission) => expect(permission).not.toMatch(PROMOTED_PERMISSION),
  );
});
