import { Injectable } from '@nestjs/common';
import { AuthConfig, DatabaseConfig, ProvidersConfig } from '../../config/config.js';
import { formsOf } from './secret-forms.js';

export const MASKED = '[secret]';

/** Shorter ones would black out ordinary words. */
const MIN_LENGTH = 8;

/** The secrets of this process, so that none of them is stored: plain, base64 or URL-encoded. */
@Injectable()
export class KnownSecrets {
  private forms: readonly string[] = [];

  constructor(auth: AuthConfig, providers: ProvidersConfig, database: DatabaseConfig) {
    this.add(auth.jwtSecret);
    this.add(auth.encryptionKey.toString('base64'));
    this.add(auth.encryptionKey.toString('hex'));
    this.add(auth.backofficeSetupToken);
    this.add(passwordOf(database.url));
    for (const { apiKey } of Object.values(providers.credentials)) this.add(apiKey);
  }

  add(secret: string | undefined): void {
    if (secret === undefined || secret.length < MIN_LENGTH) return;
    // Longest first: one form may contain another.
    this.forms = [...new Set([...this.forms, ...formsOf(secret)])].toSorted((a, b) => b.length - a.length);
  }

  /** Replaces secrets in text, JSON text above all. */
  readonly mask = (text: string): string => {
    let masked = text;
    for (const form of this.forms) if (masked.includes(form)) masked = masked.replaceAll(form, MASKED);
    return masked;
  };
}

function passwordOf(url: string): string | undefined {
  return URL.canParse(url) ? decodeURIComponent(new URL(url).password) : undefined;
}
