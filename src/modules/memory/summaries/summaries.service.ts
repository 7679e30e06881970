import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { ExecutionService } from '../../execution/execution.service.js';
import { SYSTEM_KIND } from '../../execution/system/system-job.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import type { CompressMemoryDto, SummarizeMemoryDto } from '../dto/summarize-memory.dto.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { MemoryItemNotFoundError } from '../memory.errors.js';
import type { Namespace } from '../namespace.js';
import { NamespaceOwners } from '../namespace-owners.js';
import { COMPRESS_JOB, SUMMARIZE_JOB, type SummarizeInput, type SummaryWish } from './summary-job.js';

const DAY_MS = 86_400_000;
const COMPRESSED_AFTER_DAYS = 30;
/** Runs of one user that summarise at the same time. */
const AT_ONCE = 2;

/** Has memory summarised, in the background. */
@Injectable()
export class SummariesService {
  constructor(
    private readonly database: DataSource,
    private readonly policy: AccessPolicy,
    private readonly owners: NamespaceOwners,
    private readonly execution: ExecutionService,
  ) {}

  /** @throws {MemoryItemNotFoundError} @throws {NamespaceNotFoundError} @throws {NotAllowedError} */
  async summarize(userId: string, { ids, namespace, session_id: session }: SummarizeMemoryDto): Promise<string> {
    assertOne({ ids, namespace, session_id: session });
    if (ids) {
      const wish = { ids: [...new Set(ids.map((id) => id.toLowerCase()))] };
      return this.start(userId, SUMMARIZE_JOB, wish, await this.projectOf(userId, wish.ids));
    }
    if (!namespace) return this.ofSession(userId, session ?? '');
    const wish = { namespace: toNamespace(namespace) };
    return this.start(userId, SUMMARIZE_JOB, wish, await this.projectOfNamespace(userId, wish.namespace));
  }

  /** @throws {NamespaceNotFoundError} @throws {NotAllowedError} */
  async compress(userId: string, { namespace: sent, older_than }: CompressMemoryDto): Promise<string> {
    const namespace = toNamespace(sent);
    const before = older_than ?? new Date(Date.now() - COMPRESSED_AFTER_DAYS * DAY_MS).toISOString();
    const wish = { namespace, older_than: before };
    return this.start(userId, COMPRESS_JOB, wish, await this.projectOfNamespace(userId, namespace));
  }

  private async ofSession(userId: string, sessionId: string): Promise<string> {
    const namespace = { scope: 'session', id: sessionId.toLowerCase() } as const;
    const projectId = await this.projectOfNamespace(userId, namespace);
    return this.start(userId, SUMMARIZE_JOB, { session_id: namespace.id }, projectId);
  }

  private async projectOfNamespace(userId: string, namespace: Namespace): Promise<string | null> {
    return (await this.owners.ownerFor(userId, namespace, 'write')).projectId;
  }

  /** Of all of them; what is of several projects is on the account of the user alone. */
  private async projectOf(userId: string, ids: readonly string[]): Promise<string | null> {
    const query = this.database.manager.createQueryBuilder(MemoryItem, 'item').where({ id: In([...ids]) });
    const items = await this.policy.narrow(query, userId).getMany();
    const found = new Set(items.map(({ id }) => id));
    const missing = ids.find((id) => !found.has(id));
    if (missing !== undefined) throw new MemoryItemNotFoundError(missing);
    const owners = new Map(items.map((item) => [item.projectId, item]));
    for (const item of owners.values()) await this.policy.assertMay(userId, 'write', item);
    const [only, ...others] = owners.keys();
    return others.length > 0 ? null : (only ?? null);
  }

  private async start(
    ownerId: string,
    job: SummarizeInput['job'],
    wish: SummaryWish,
    projectId: string | null,
  ): Promise<string> {
    const input: SummarizeInput = { job, wish };
    const concurrency = { key: `memory-summaries:${ownerId}`, limit: AT_ONCE };
    const { runId } = await this.execution.start({ kind: SYSTEM_KIND, input, ownerId, projectId, concurrency });
    return runId;
  }
}

function toNamespace({ scope, id }: Namespace): Namespace {
  return { scope, id: id.toLowerCase() };
}

function assertOne(named: Readonly<Record<string, unknown>>): void {
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  const [first, second] = given.map(([name]) => `/${name}`);
  if (first === undefined) {
    throw new InvalidInputError([{ path: '/ids', code: 'REQUIRED', message: 'or namespace or session_id is missing' }]);
  }
  if (second !== undefined) {
    throw new InvalidInputError([
      { path: second, code: 'TOO_MANY', message: `must be absent beside ${first.slice(1)}` },
    ]);
  }
}
