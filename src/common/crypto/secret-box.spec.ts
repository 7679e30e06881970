import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AuthConfig } from '../../config/config.js';
import { SecretBox } from './secret-box.js';

function box(encryptionKey = randomBytes(32)): SecretBox {
  return new SecretBox({ encryptionKey } as AuthConfig); // nothing else of it is read
}

describe('SecretBox', () => {
  it('opens what it sealed, which shows nothing of its content and never looks the same twice', () => {
    const secrets = box();
    const sealed = [secrets.seal('geheim 🔑', 'here'), secrets.seal('geheim 🔑', 'here')] as const;
    expect(sealed[0].equals(sealed[1])).toBe(false);
    expect(sealed[0].includes('geheim')).toBe(false);
    expect(sealed.map((each) => secrets.open(each, 'here'))).toEqual(['geheim 🔑', 'geheim 🔑']);
  });

  it('does not open what was changed, sealed elsewhere or by another key', () => {
    const secrets = box();
    const sealed = secrets.seal('geheim', 'here');
    const changed = Buffer.from(sealed);
    changed[changed.length - 1]! ^= 1;
    expect(secrets.open(changed, 'here')).toBeUndefined();
    expect(secrets.open(sealed, 'there')).toBeUndefined();
    expect(box().open(sealed, 'here')).toBeUndefined();
    expect(secrets.open(Buffer.alloc(3), 'here')).toBeUndefined();
  });

  it('gives one text one fingerprint per key', () => {
    const key = randomBytes(32);
    expect(box(key).fingerprint('a')).toEqual(box(key).fingerprint('a'));
    expect(box(key).fingerprint('a')).not.toEqual(box(key).fingerprint('b'));
    expect(box(key).fingerprint('a')).not.toEqual(box().fingerprint('a'));
  });
});
