import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { Idempotency } from '../../../common/idempotency/idempotency.js';
import { newId } from '../../../common/ids/id.js';
import { type Page, readPage } from '../../../common/paging/page.js';
import type { PageQueryDto } from '../../../common/paging/page-query.dto.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { ApiKeyNotFoundError, TooManyApiKeysError } from '../auth.errors.js';
import { ApiKey } from './api-key.entity.js';
import { newSecret } from './api-key-secret.js';
import { ApiKeyVerifier } from './api-key-verifier.js';
import {
  type ApiKeyResponseDto,
  type CreateApiKeyDto,
  type NewApiKeyResponseDto,
  toApiKeyResponse,
} from './api-key.dto.js';

const MAX_KEYS = 100;

/** A user's API keys. Their secrets are shown once and kept as hashes. */
@Injectable()
export class ApiKeysService {
  constructor(
    @InjectRepository(ApiKey) private readonly keys: Repository<ApiKey>,
    private readonly verifier: ApiKeyVerifier,
    private readonly audit: AuditTrail,
    private readonly idempotency: Idempotency,
  ) {}

  create(userId: string, { name, scopes, expires_at: expiry }: CreateApiKeyDto): Promise<NewApiKeyResponseDto> {
    const { secret, prefix, hash: secretHash } = newSecret();
    const expiresAt = expiry ? futureOf(expiry) : null;
    return this.keys.manager.transaction(async (manager) => {
      if ((await manager.countBy(ApiKey, { userId })) >= MAX_KEYS) throw new TooManyApiKeysError(MAX_KEYS);
      const key = manager.create(ApiKey, {
        id: newId(),
        userId,
        name,
        prefix,
        secretHash,
        expiresAt,
        lastUsedAt: null,
      });
      key.scopes = [...new Set(scopes)];
      await manager.insert(ApiKey, key);
      const details = { name, scopes: key.scopes };
      await this.audit.done(manager, { action: 'api_key.created', target: { type: 'api_key', id: key.id }, details });
      const answer = Object.assign(toApiKeyResponse(key), { secret });
      await this.idempotency.answerIn(manager, answer);
      return answer;
    });
  }

  list(userId: string, page: PageQueryDto): Promise<Page<ApiKeyResponseDto>> {
    const query = this.keys.createQueryBuilder('key').where('key.userId = :userId', { userId });
    return readPage(query, page, toApiKeyResponse);
  }

  /** @throws {ApiKeyNotFoundError} */
  async remove(userId: string, id: string): Promise<void> {
    const secretHash = await this.keys.manager.transaction(async (manager) => {
      const key = await manager.findOneBy(ApiKey, { id, userId });
      if (!key) throw new ApiKeyNotFoundError(id);
      await manager.delete(ApiKey, { id });
      await this.audit.done(manager, { action: 'api_key.deleted', target: { type: 'api_key', id } });
      return key.secretHash;
    });
    this.verifier.forget(id, secretHash);
  }
}

function futureOf(instant: string): Date {
  const at = new Date(instant);
  if (at.getTime() > Date.now()) return at;
  throw new InvalidInputError([{ path: '/expires_at', code: 'IS_FUTURE', message: 'must be in the future' }]);
}
