import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ServerConfig } from '../../config/config.js';
import { CsrfError } from './auth.errors.js';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A cookie alone does not show that the page which sent the request is ours: its Origin does. */
@Injectable()
export class OriginPolicy {
  private readonly allowed: ReadonlySet<string>;

  constructor({ corsOrigins }: ServerConfig) {
    this.allowed = new Set(corsOrigins.map((origin) => new URL(origin).origin));
  }

  /** @throws {CsrfError} for an unsafe method from elsewhere */
  assertTrusted({ method, headers }: Pick<FastifyRequest, 'method' | 'headers'>): void {
    if (SAFE_METHODS.has(method)) return;
    const { origin, host } = headers;
    const isTrusted = origin !== undefined && (this.allowed.has(origin) || hostOf(origin) === host);
    if (!isTrusted) throw new CsrfError();
  }
}

/** Compared without the scheme, which a proxy that ends TLS hides from us. */
function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
