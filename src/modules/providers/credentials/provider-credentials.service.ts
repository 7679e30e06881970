import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository, type SelectQueryBuilder } from 'typeorm';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { Idempotency } from '../../../common/idempotency/idempotency.js';
import { newId } from '../../../common/ids/id.js';
import { type Page, readPage } from '../../../common/paging/page.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { writersAfter } from '../../users/written-texts.js';
import { CredentialExistsError, CredentialNotFoundError } from '../providers.errors.js';
import { CallerCredentials } from './caller-credentials.js';
import { CredentialKeys } from './credential-keys.js';
import { ProviderCredential } from './provider-credential.entity.js';
import {
  type CreateProviderCredentialDto,
  type ProviderCredentialQueryDto,
  type ProviderCredentialResponseDto,
  toCredentialResponse,
  type UpdateProviderCredentialDto,
} from './provider-credential.dto.js';

/** Keys for providers: a user's own, and those of projects, which their owners enter and their members use unseen. */
@Injectable()
export class ProviderCredentialsService {
  constructor(
    @InjectRepository(ProviderCredential) private readonly credentials: Repository<ProviderCredential>,
    private readonly policy: AccessPolicy,
    private readonly keys: CredentialKeys,
    private readonly audit: AuditTrail,
    private readonly idempotency: Idempotency,
    private readonly callers: CallerCredentials,
  ) {}

  /** @throws {CredentialRefusedError} @throws {CredentialExistsError} */
  async create(ownerId: string, dto: CreateProviderCredentialDto): Promise<ProviderCredentialResponseDto> {
    const { name = '', api_key: apiKey, base_url: baseUrl = null } = dto;
    const projectId = dto.project_id?.toLowerCase() ?? null;
    if (projectId !== null) await this.policy.assertMayIn(ownerId, 'manage', projectId);
    const providerId = this.keys.providerIdOf(dto.provider_id);
    const key = await this.keys.columnsFor({ id: newId(), providerId, baseUrl }, apiKey);
    const own = { ownerId, projectId, providerId, name, writtenBy: { name: ownerId } };
    const row = this.credentials.create({ ...own, baseUrl, version: 1, ...key });
    return this.inTransaction(row, 'created', async (manager) => {
      await manager.createQueryBuilder().insert().into(ProviderCredential).values(row).orIgnore().execute();
      const saved = await manager.findOneBy(ProviderCredential, { id: row.id });
      if (!saved) throw new CredentialExistsError(providerId);
      const answer = this.respond(saved);
      await this.idempotency.answerIn(manager, answer);
      return answer;
    });
  }

  list(userId: string, query: ProviderCredentialQueryDto): Promise<Page<ProviderCredentialResponseDto>> {
    const rows = this.readable(userId);
    const { project_id: projectId } = query;
    if (projectId !== undefined) rows.andWhere('credential.projectId = :projectId', { projectId });
    return readPage(rows, query, (row) => this.respond(row));
  }

  async get(userId: string, id: string): Promise<ProviderCredentialResponseDto> {
    return this.respond(await this.find(userId, id));
  }

  /**
   * A new key is in use everywhere within a second. A new address needs the key again: else whoever may change one could
   * have it sent to a server of their own.
   */
  async update(userId: string, id: string, dto: UpdateProviderCredentialDto): Promise<ProviderCredentialResponseDto> {
    const row = await this.manageable(userId, id);
    const { name, api_key: newKey, base_url: baseUrl = row.baseUrl } = dto;
    if (newKey === undefined && baseUrl !== row.baseUrl) throw keyNeeded();
    const place = { id, providerId: row.providerId, baseUrl };
    const key = newKey === undefined ? {} : await this.keys.columnsFor(place, newKey);
    const entered = newKey === undefined ? {} : { ownerId: userId, baseUrl, ...key };
    return this.inTransaction(row, newKey === undefined ? 'updated' : 'rotated', async (manager) => {
      const before = await manager.findOne(ProviderCredential, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!before) throw new CredentialNotFoundError(id);
      const named = { name: name ?? before.name };
      const version = before.version + (newKey === undefined ? 0 : 1);
      const changes = { ...named, writtenBy: writersAfter(userId, before, named), ...entered, version };
      return this.respond(await manager.save(Object.assign(before, changes)));
    });
  }

  async remove(userId: string, id: string): Promise<void> {
    const row = await this.manageable(userId, id);
    await this.inTransaction(row, 'deleted', async (manager) => {
      const { affected } = await manager.delete(ProviderCredential, { id });
      if (!affected) throw new CredentialNotFoundError(id);
    });
  }

  private async inTransaction<T>(
    { id, providerId, projectId }: ProviderCredential,
    done: 'created' | 'rotated' | 'updated' | 'deleted',
    change: (manager: EntityManager) => Promise<T>,
  ): Promise<T> {
    const changed = await this.credentials.manager.transaction(async (manager) => {
      const target = { type: 'provider_credential', id };
      const details = { provider_id: providerId, project_id: projectId };
      await this.audit.done(manager, { action: `provider_credential.${done}`, target, details });
      return change(manager);
    });
    this.callers.forget();
    return changed;
  }

  private async manageable(userId: string, id: string): Promise<ProviderCredential> {
    const row = await this.find(userId, id);
    await this.policy.assertMay(userId, 'manage', row);
    return row;
  }

  /** @throws {CredentialNotFoundError} when it is absent, or another's */
  private async find(userId: string, id: string): Promise<ProviderCredential> {
    const row = await this.readable(userId).andWhere('credential.id = :id', { id }).getOne();
    if (!row) throw new CredentialNotFoundError(id);
    return row;
  }

  private readable(userId: string): SelectQueryBuilder<ProviderCredential> {
    return this.policy.narrow(this.credentials.createQueryBuilder('credential'), userId);
  }

  private respond(row: ProviderCredential): ProviderCredentialResponseDto {
    return toCredentialResponse(row, this.keys.isReadable(row));
  }
}

function keyNeeded(): InvalidInputError {
  return new InvalidInputError([{ path: '/api_key', code: 'REQUIRED', message: 'is needed with another base_url' }]);
}
