import { randomBytes } from 'node:crypto';
import { formsOf } from '../../../src/modules/execution/secret-forms.js';

/** Secrets that are planted and must not come up anywhere. */
export class Canaries {
  private readonly planted = new Map<string, string>();

  /** A new secret. Its characters look different in base64 and in addresses. */
  plant(name: string): string {
    return this.add(name, `canary+${name}/${randomBytes(12).toString('hex')}~ü`);
  }

  /** One that somebody else has made. */
  add(name: string, secret: string): string {
    this.planted.set(name, secret);
    return secret;
  }

  /** Which secrets stand in a text: plain, escaped, URL-encoded, in base64 or, as tables show bytes, in hexadecimal. */
  findIn(text: string): string[] {
    return [...this.planted]
      .filter(([, secret]) => this.formsOf(secret).some((form) => text.includes(form)))
      .map(([name]) => name);
  }

  private formsOf(secret: string): string[] {
    return [...formsOf(secret), Buffer.from(secret).toString('hex')];
  }
}
