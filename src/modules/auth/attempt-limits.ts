import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuthConfig } from '../../config/config.js';
import { AttemptLimiter, type AttemptLimit } from './attempt-limiter.js';

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;

/** The limits on sign-in and registration. */
@Injectable()
export class AttemptLimits {
  private readonly failures: AttemptLimit;
  private readonly signIns: AttemptLimit;
  private readonly registrations: AttemptLimit;

  constructor(
    private readonly limiter: AttemptLimiter,
    config: AuthConfig,
  ) {
    this.failures = { max: config.signInFailuresPer15Minutes, windowSeconds: 15 * MINUTE_SECONDS };
    this.signIns = { max: config.signInsPerAddressPerMinute, windowSeconds: MINUTE_SECONDS };
    this.registrations = { max: config.registrationsPerAddressPerHour, windowSeconds: HOUR_SECONDS };
  }

  registration(address: string): Promise<void> {
    return this.limiter.attempt(`registration:${address}`, this.registrations);
  }

  signIn(address: string): Promise<void> {
    return this.limiter.attempt(`sign-in:${address}`, this.signIns);
  }

  assertFewFailures(account: string): Promise<void> {
    return this.limiter.assertBelow(failureKey(account), this.failures);
  }

  async countFailure(account: string): Promise<void> {
    await this.limiter.count(failureKey(account), this.failures);
  }
}

/** Hashed: people type their password into the wrong field. */
function failureKey(account: string): string {
  return `failures:${createHash('sha256').update(account).digest('base64url')}`;
}
