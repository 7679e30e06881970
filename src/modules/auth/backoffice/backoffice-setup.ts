import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AuthConfig } from '../../../config/config.js';
import { AttemptLimits } from '../attempt-limits.js';
import { SetupTokenRefusedError, UnauthorizedError } from '../auth.errors.js';
import { findCredential } from '../credentials.js';
import type { BackofficeAccount } from '../entities/backoffice-account.entity.js';
import { PasswordHasher } from '../password-hasher.js';
import { TokenVerifier } from '../token-verifier.js';
import { BackofficeAccounts } from './backoffice-accounts.js';
import type { CreateBackofficeAccountDto } from './create-backoffice-account.dto.js';

/** How the first operator comes to be, and how operators make others. */
@Injectable()
export class BackofficeSetup {
  constructor(
    private readonly accounts: BackofficeAccounts,
    private readonly verifier: TokenVerifier,
    private readonly hasher: PasswordHasher,
    private readonly limits: AttemptLimits,
    private readonly config: AuthConfig,
  ) {}

  /** @throws {UnauthorizedError} for whoever brings nothing @throws {SetupTokenRefusedError} */
  async create(dto: CreateBackofficeAccountDto, request: FastifyRequest): Promise<BackofficeAccount> {
    const isOperator = await this.isOperator(request);
    if (!isOperator) await this.assertSetupToken(dto.setup_token, request.ip);
    const { username, email, password } = dto;
    const account = { username, email, passwordHash: await this.hasher.hash(password) };
    return isOperator ? this.accounts.create(account) : this.accounts.createFirst(account);
  }

  private async isOperator(request: FastifyRequest): Promise<boolean> {
    const credential = findCredential(request, false);
    // The cookie of a user who happens to be signed in says nothing here.
    if (credential?.source !== 'bearer') return false;
    request.user = await this.verifier.verify(credential.token, ['backoffice']);
    return true;
  }

  private async assertSetupToken(given: string | undefined, address: string): Promise<void> {
    if (given === undefined) throw new UnauthorizedError('Sign in as an operator, or give the set-up token');
    await this.limits.signIn(address);
    if (timingSafeEqual(digest(given), digest(this.config.backofficeSetupToken))) return;
    throw new SetupTokenRefusedError();
  }
}

/** Of equal length, as the comparison wants it. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
