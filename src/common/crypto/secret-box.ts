import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../../config/config.js';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps what may hold secrets unreadable in the database: AES-256-GCM under `ENCRYPTION_KEY`. */
@Injectable()
export class SecretBox {
  private readonly key: Buffer;

  constructor({ encryptionKey }: AuthConfig) {
    this.key = encryptionKey;
  }

  /** @param place where it is stored: what was sealed for one place does not open in another */
  seal(text: string, place: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.key, nonce).setAAD(Buffer.from(place));
    const content = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), content]);
  }

  /** Undefined for what another key sealed, or for another place. */
  open(sealed: Buffer, place: string): string | undefined {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    try {
      const decipher = createDecipheriv(ALGORITHM, this.key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(place)).setAuthTag(tag);
      return decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      // A faulty tag, length or key are all the same to the caller: it cannot be read.
      return undefined;
    }
  }

  /** Tells whether two texts are the same without keeping them: a plain hash of a password could be guessed at. */
  fingerprint(text: string): Buffer {
    return createHmac('sha256', this.key).update(text).digest();
  }
}
