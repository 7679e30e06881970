import { describe, expect, it } from 'vitest';
import { nodeVersionFault } from './node-version.js';

describe('nodeVersionFault', () => {
  it.each(['22.18.0', '23.0.0', '24.21.0'])('accepts %s', (version) => {
    expect(nodeVersionFault(version)).toBeUndefined();
  });

  it.each(['18.20.1', '20.20.2', '22.17.9'])('names %s and what to do about it', (version) => {
    expect(nodeVersionFault(version)).toContain(`this is ${version}`);
    expect(nodeVersionFault(version)).toContain('npm ci');
  });
});
