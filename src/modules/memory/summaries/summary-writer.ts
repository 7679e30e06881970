import { Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { type RunContext, type StepContext, StepFailure } from '../../../engine/index.js';
import { databaseInStep } from '../../execution/database-in-step.js';
import { MemoryItem } from '../entities/memory-item.entity.js';
import { MemoryModel } from '../model/memory-model.js';
import type { WrittenSummary } from './summary-job.js';
import { extractOf, type ShownOriginal, summaryRequest } from './summary-text.js';

/** Writes what stands for originals: by a model, else out of their beginnings. */
@Injectable()
export class SummaryWriter {
  constructor(
    private readonly database: DataSource,
    private readonly model: MemoryModel,
  ) {}

  /** @throws {StepFailure} */
  async write(
    ctx: RunContext,
    step: StepContext,
    ids: readonly string[],
    isModelAsked: boolean,
  ): Promise<WrittenSummary> {
    const items = await databaseInStep(() => this.read(ids));
    const originals = items.map(({ id, updatedAt }) => ({ id, updated_at: updatedAt.toISOString() }));
    const shown = items.map(toShown);
    const answer = isModelAsked && items.length > 0 ? await this.model.ask(ctx, step, summaryRequest(shown)) : null;
    if (answer === '') {
      throw new StepFailure({ code: 'SUMMARY_EMPTY', message: 'The model wrote nothing' }, { retryable: true });
    }
    if (answer !== null) return { text: answer, method: 'model', originals };
    return { text: extractOf(shown), method: 'extract', originals };
  }

  /** In the order in which they are asked for. */
  private async read(ids: readonly string[]): Promise<MemoryItem[]> {
    const items = await this.database.manager.findBy(MemoryItem, { id: In([...ids]) });
    const byId = new Map(items.map((item) => [item.id, item]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }
}

function toShown({ content, speaker, saidAt, createdAt }: MemoryItem): ShownOriginal {
  return { content, speaker, at: (saidAt ?? createdAt).toISOString() };
}
