import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { unitVector } from '../../common/vectors/packed-vector.js';
import type { VectorSource } from '../../common/vectors/vector-source.js';
import { type RunContext, type StepContext, StepFailure } from '../../engine/index.js';
import { databaseInStep } from '../execution/database-in-step.js';
import { type SystemJob, SystemWork } from '../execution/system/system-job.js';
import { EmbeddingCallsService } from '../providers/embedding/embedding-calls.service.js';
import { MeteredEmbeddingCalls } from '../usage/metered-embedding-calls.js';
import { batchOf } from './text-batch.js';
import { EMBED_JOB, type EmbedInput, type EmbedOutput, type EmbedProgress } from './embed-job.js';
import { type EmbedPorts, embedTexts } from './embed-texts.program.js';
import { EmbeddingQueues } from './embedding-queues.js';
import { VectorRows } from './vector-rows.js';
import { VectorSources } from './vector-sources.js';

/** Makes runs that make vectors known. */
@Injectable()
@SystemWork(EMBED_JOB)
export class EmbedTextsJob implements SystemJob<EmbedInput>, EmbedPorts {
  constructor(
    private readonly sources: VectorSources,
    private readonly queues: EmbeddingQueues,
    private readonly rows: VectorRows,
    private readonly models: EmbeddingCallsService,
    private readonly calls: MeteredEmbeddingCalls,
  ) {}

  run(ctx: RunContext, input: EmbedInput): Promise<EmbedOutput> {
    return embedTexts(ctx, input, this);
  }

  async begin(tx: unknown, { ownerId, projectId }: RunContext, { source }: EmbedInput): Promise<null> {
    await this.queues.beginIn(managerOf(tx), source, { ownerId, projectId });
    return null;
  }

  async embedSome(
    { ownerId, projectId, runId }: RunContext,
    step: StepContext,
    { source: name }: EmbedInput,
    after: string | null,
  ): Promise<EmbedProgress> {
    const source = this.sourceOf(name);
    const model = this.models.modelName;
    // Switched off meanwhile.
    if (model === undefined) return { last: null, embedded: 0 };
    const found = await databaseInStep(() => this.rows.missing(source, { ownerId, projectId }, model, after));
    const batch = batchOf(found);
    const last = batch.at(-1)?.id;
    if (last === undefined) return { last: null, embedded: 0 };
    const usage = { ownerId, projectId, runId, agentId: null, stepKey: step.key };
    const texts = batch.map(({ text }) => text);
    const { vectors } = await this.calls.embed(texts, usage, step);
    const units = vectors.map(unitVector);
    const embedded = await databaseInStep(() => this.rows.write(source, model, batch, units));
    return { last, embedded };
  }

  async rest(tx: unknown, { ownerId, projectId }: RunContext, { source }: EmbedInput): Promise<null> {
    await this.queues.restIn(managerOf(tx), source, { ownerId, projectId });
    return null;
  }

  private sourceOf(name: string): VectorSource {
    const source = this.sources.find(name);
    if (!source) throw new StepFailure({ code: 'SYSTEM_JOB_UNKNOWN', message: `Nothing of ${name} is embedded` });
    return source;
  }
}

function managerOf(tx: unknown): EntityManager {
  return tx as EntityManager; // what `transact` hands over in this product
}
