import { Injectable, Logger } from '@nestjs/common';
import { Counter } from 'prom-client';
import { newId } from '../../common/ids/id.js';
import { MetricsRegistry } from '../../common/metrics/metrics-registry.js';
import { unitVector } from '../../common/vectors/packed-vector.js';
import type { VectorQuestion } from '../../common/vectors/vector-sql.js';
import { EmbeddingCallsService } from '../providers/embedding/embedding-calls.service.js';
import type { ModelAccount } from '../providers/model-account.js';
import { MeteredEmbeddingCalls } from '../usage/metered-embedding-calls.js';
import { embeddable } from './text-batch.js';

/** A search waits no longer for what it can do without. */
const PATIENCE_MS = 2_000;
/** The same is asked of several namespaces, and by several runs, at about the same time. */
const KEPT_QUESTIONS = 200;

/** Makes vectors of questions, each of them once. */
@Injectable()
export class QuestionVectors {
  private readonly logger = new Logger(QuestionVectors.name);
  private readonly kept = new Map<string, Promise<VectorQuestion | undefined>>();
  private readonly failures: Counter;

  constructor(
    private readonly models: EmbeddingCallsService,
    private readonly calls: MeteredEmbeddingCalls,
    registry: MetricsRegistry,
  ) {
    this.failures = new Counter({
      name: 'troupe_question_embedding_failures_total',
      help: 'Searches that had to do without vectors, since the question could not be embedded in time',
      registers: [registry],
    });
  }

  /** Undefined where no model is configured, or where it does not answer in time: words have to do then. */
  async of(question: string, account: ModelAccount): Promise<VectorQuestion | undefined> {
    const model = this.models.modelName;
    if (model === undefined || question.trim() === '') return undefined;
    const key = `${account.projectId ?? account.ownerId} ${question}`;
    const asked = this.kept.get(key) ?? this.ask(model, question, account);
    this.keep(key, asked);
    const vector = await asked;
    if (!vector && this.kept.get(key) === asked) this.kept.delete(key);
    return vector;
  }

  private keep(key: string, asked: Promise<VectorQuestion | undefined>): void {
    this.kept.delete(key);
    this.kept.set(key, asked);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT_QUESTIONS && oldest !== undefined) this.kept.delete(oldest);
  }

  private async ask(model: string, question: string, account: ModelAccount): Promise<VectorQuestion | undefined> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    try {
      const asked = this.embed(embeddable(question), account, signal);
      return { model, vector: unitVector(await inTime(asked, signal)) };
    } catch (error) {
      this.failures.inc();
      this.logger.warn({ err: error }, 'A question could not be embedded: it is looked for by its words alone');
      return undefined;
    }
  }

  /** A search belongs to no run: in place of its id stands that of whoever asks. */
  private async embed(
    text: string,
    { ownerId, projectId }: ModelAccount,
    signal: AbortSignal,
  ): Promise<readonly number[]> {
    const usage = { ownerId, projectId, runId: ownerId, agentId: null, stepKey: 'search' };
    const step = { signal, idempotencyKey: newId(), attempt: 1, emit: () => undefined };
    const { vectors } = await this.calls.embed([text], usage, step);
    return vectors[0] ?? [];
  }
}

/** Records of what was used are written whatever the signal says; they are not waited for. */
async function inTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const late = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
    work.catch(() => undefined);
  }
}
