import { createHash, randomBytes } from 'node:crypto';

/** So that people, and those who look for leaked secrets, know one when they see it. */
const MARK = 'trp_';
const PREFIX_LENGTH = MARK.length + 8;

export interface NewSecret {
  readonly secret: string;
  /** What may be shown later, to tell keys apart. */
  readonly prefix: string;
  readonly hash: string;
}

export function newSecret(): NewSecret {
  const secret = `${MARK}${randomBytes(32).toString('base64url')}`;
  return { secret, prefix: secret.slice(0, PREFIX_LENGTH), hash: hashSecret(secret) };
}

export function isApiKey(token: string): boolean {
  return token.startsWith(MARK);
}

/** A random secret of 256 bits needs no salt and no slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
