import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, QueryFailedError, Repository } from 'typeorm';
import { Idempotency } from '../../../common/idempotency/idempotency.js';
import { newId } from '../../../common/ids/id.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { toUserResponse } from '../../users/dto/user-response.dto.js';
import { toKey } from '../../users/identifier.js';
import { EmailTakenError, UsernameTakenError, UserNotFoundError } from '../../users/users.errors.js';
import type { NewUser } from '../../users/users.service.js';
import { SetupTokenRefusedError } from '../auth.errors.js';
import { BackofficeAccount } from '../entities/backoffice-account.entity.js';

/** The accounts of operators. */
@Injectable()
export class BackofficeAccounts {
  constructor(
    @InjectRepository(BackofficeAccount) private readonly accounts: Repository<BackofficeAccount>,
    private readonly audit: AuditTrail,
    private readonly idempotency: Idempotency,
  ) {}

  /** By another operator. */
  create(account: NewUser): Promise<BackofficeAccount> {
    return this.insert(account, async () => undefined);
  }

  /**
   * By whoever has the set-up token.
   *
   * @throws {SetupTokenRefusedError} when there is an account already; of two that come at once, one is the first
   */
  createFirst(account: NewUser): Promise<BackofficeAccount> {
    return this.insert(account, async (manager) => {
      await manager.query('LOCK TABLE backoffice_accounts IN SHARE ROW EXCLUSIVE MODE');
      if (await manager.exists(BackofficeAccount)) throw new SetupTokenRefusedError();
    });
  }

  async get(id: string): Promise<BackofficeAccount> {
    const account = await this.accounts.findOneBy({ id });
    if (!account) throw new UserNotFoundError(id);
    return account;
  }

  findByIdentifier(identifier: string): Promise<BackofficeAccount | null> {
    const key = toKey(identifier);
    return this.accounts.findOneBy(key.includes('@') ? { emailKey: key } : { usernameKey: key });
  }

  private async insert(
    { username, email, passwordHash }: NewUser,
    check: (manager: EntityManager) => Promise<void>,
  ): Promise<BackofficeAccount> {
    const keys = { usernameKey: toKey(username), emailKey: toKey(email) };
    const account = this.accounts.create({ id: newId(), username, email, passwordHash, ...keys });
    try {
      await this.accounts.manager.transaction(async (manager) => {
        await check(manager);
        await manager.insert(BackofficeAccount, account);
        const target = { type: 'backoffice_account', id: account.id };
        await this.audit.done(manager, { action: 'backoffice_account.created', target, details: { username } });
        await this.idempotency.answerIn(manager, toUserResponse(account));
      });
    } catch (error) {
      throw takenError(error) ?? error;
    }
    return account;
  }
}

function takenError(error: unknown): UsernameTakenError | EmailTakenError | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const { constraint } = error.driverError as { constraint?: string };
  if (constraint === 'backoffice_accounts_username_key') return new UsernameTakenError({ cause: error });
  if (constraint === 'backoffice_accounts_email_key') return new EmailTakenError({ cause: error });
  return undefined;
}
