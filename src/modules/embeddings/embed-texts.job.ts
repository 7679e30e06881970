import { Injectable, Logger } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { unitVector } from '../../common/vectors/packed-vector.js';
import type { VectorSource } from '../../common/vectors/vector-source.js';
import { type RunContext, type StepContext, StepFailure } from '../../engine/index.js';
import { databaseInStep } from '../execution/database-in-step.js';
import { type SystemJob, SystemWork } from '../execution/system/system-job.js';
import { EmbeddingCallsService } from '../providers/embedding/embedding-calls.service.js';
import { MeteredEmbeddingCalls } from '../usage/metered-embedding-calls.js';
import { EMBED_JOB, type EmbedInput, type EmbedOutput, type EmbedProgress, type EmbedWish } from './embed-job.js';
import type { EmbedPorts } from './embed-ports.js';
import { embedTexts } from './embed-texts.program.js';
import { EmbeddingQueues } from './embedding-queues.js';
import { type BareText, batchOf } from './text-batch.js';
import { VectorRows } from './vector-rows.js';
import { VectorSources } from './vector-sources.js';

/** What any model takes. */
const HARMLESS = 'text';

/** Makes runs that make vectors known. */
@Injectable()
@SystemWork(EMBED_JOB)
export class EmbedTextsJob implements SystemJob<EmbedInput>, EmbedPorts {
  private readonly logger = new Logger(EmbedTextsJob.name);

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

  async embedSome(ctx: RunContext, step: StepContext, wish: EmbedWish): Promise<EmbedProgress> {
    const found = await this.missing(ctx, wish);
    const model = this.models.modelName;
    const batch = batchOf(found, wish.portion);
    const last = batch.at(-1)?.id;
    if (model === undefined || last === undefined) return { last: null, embedded: 0 };
    const vectors = await this.embed(
      batch.map(({ text }) => text),
      ctx,
      step,
    );
    const source = this.sourceOf(wish.input);
    const embedded = await databaseInStep(() => this.rows.write(source, model, batch, vectors.map(unitVector)));
    return { last, embedded };
  }

  async nextWhenUp(ctx: RunContext, step: StepContext, wish: EmbedWish): Promise<string | null> {
    await this.embed([HARMLESS], ctx, step);
    const [next] = await this.missing(ctx, wish);
    return next?.id ?? null;
  }

  async leaveOut(input: EmbedInput, id: string): Promise<null> {
    const model = this.models.modelName;
    if (model === undefined) return null;
    await databaseInStep(() => this.rows.leaveOut(this.sourceOf(input), model, id));
    this.logger.warn({ source: input.source, id }, 'The model for vectors does not take a text: words alone find it');
    return null;
  }

  async rest(tx: unknown, { ownerId, projectId }: RunContext, { source }: EmbedInput): Promise<null> {
    await this.queues.restIn(managerOf(tx), source, { ownerId, projectId });
    return null;
  }

  /** None once the model is switched off. */
  private async missing({ ownerId, projectId }: RunContext, { input, after }: EmbedWish): Promise<readonly BareText[]> {
    const model = this.models.modelName;
    if (model === undefined) return [];
    return databaseInStep(() => this.rows.missing(this.sourceOf(input), { ownerId, projectId }, model, after));
  }

  private async embed(texts: readonly string[], { ownerId, projectId, runId }: RunContext, step: StepContext) {
    const usage = { ownerId, projectId, runId, agentId: null, stepKey: step.key };
    return (await this.calls.embed(texts, usage, step)).vectors;
  }

  private sourceOf({ source: name }: EmbedInput): VectorSource {
    const source = this.sources.find(name);
    if (!source) throw new StepFailure({ code: 'SYSTEM_JOB_UNKNOWN', message: `Nothing of ${name} is embedded` });
    return source;
  }
}

function managerOf(tx: unknown): EntityManager {
  return tx as EntityManager; // what `transact` hands over in this product
}
