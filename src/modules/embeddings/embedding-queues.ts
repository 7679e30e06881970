import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { newId } from '../../common/ids/id.js';
import { ExecutionService } from '../execution/execution.service.js';
import { SYSTEM_KIND } from '../execution/system/system-job.js';
import type { Owned } from '../projects/access-policy.js';
import { EmbeddingCallsService } from '../providers/embedding/embedding-calls.service.js';
import { EMBED_JOB, type EmbedInput } from './embed-job.js';

/** Nothing is answered while a run waits, or while the provider fails. */
const CLAIM = `INSERT INTO embedding_queues AS q (source, owner_id, project_id, run_id) VALUES ($1, $2, $3, $4)
  ON CONFLICT (source, owner_id, project_id) DO UPDATE SET run_id = EXCLUDED.run_id, rests_until = NULL
    WHERE (q.rests_until IS NULL OR q.rests_until < now())
      AND (q.run_id IS NULL OR NOT EXISTS (SELECT FROM runs r WHERE r.id = q.run_id AND r.ended_at IS NULL))
  RETURNING run_id`;
const WHOSE = 'source = $1 AND owner_id IS NOT DISTINCT FROM $2 AND project_id IS NOT DISTINCT FROM $3';
const BEGIN = `UPDATE embedding_queues SET run_id = NULL WHERE ${WHOSE}`;
const REST = `UPDATE embedding_queues SET rests_until = now() + interval '5 minutes' WHERE ${WHOSE}`;

/**
 * Whose texts wait for vectors. While a run is in line that has not begun, what is saved is left to it: it waits for their
 * transactions when it begins.
 */
@Injectable()
export class EmbeddingQueues {
  constructor(
    private readonly execution: ExecutionService,
    private readonly models: EmbeddingCallsService,
  ) {}

  /** Has vectors made of what the transaction saves: the last thing it does. */
  async wantIn(manager: EntityManager, source: string, owned: Owned): Promise<void> {
    if (!this.models.choice) return;
    const id = newId();
    const claimed = await manager.query<unknown[]>(CLAIM, [...queueOf(source, owned), id]);
    if (claimed.length === 0) return;
    const { ownerId, projectId } = owned;
    const input: EmbedInput = { job: EMBED_JOB, source };
    const concurrency = { key: `embeddings:${source}:${projectId ?? ownerId}`, limit: 1 };
    const run = this.execution.draft({ id, kind: SYSTEM_KIND, input, ownerId, projectId, concurrency });
    // Not as what the request starts: its idempotency key has another answer.
    await this.execution.startDrafts(manager, [run]);
  }

  async beginIn(manager: EntityManager, source: string, owned: Owned): Promise<void> {
    await manager.query(BEGIN, queueOf(source, owned));
  }

  async restIn(manager: EntityManager, source: string, owned: Owned): Promise<void> {
    await manager.query(REST, queueOf(source, owned));
  }
}

/** Of a project one for all its members. */
function queueOf(source: string, { ownerId, projectId }: Owned): unknown[] {
  return [source, projectId === null ? ownerId : null, projectId];
}
