import { RecordedFailure, type RunContext, type StepContext } from '../../../engine/index.js';
import { MODEL_STEP } from '../model/memory-model.js';
import { batchesOf, isWorthIt } from './summary-batches.js';
import type {
  ChosenOriginals,
  Original,
  OriginalGroup,
  SummarizeInput,
  SummarizeOutput,
  WrittenSummary,
} from './summary-job.js';

/** What the work is done by, each inside a step. */
export interface SummarizePorts {
  choose(ctx: RunContext, input: SummarizeInput): Promise<ChosenOriginals>;
  /** @param isModelAsked or the beginnings of the originals are taken @throws {StepFailure} */
  write(ctx: RunContext, step: StepContext, ids: readonly string[], isModelAsked: boolean): Promise<WrittenSummary>;
  /** Done again, it changes nothing. Null when no original is left, or the run may not write there any more. */
  keep(
    ctx: RunContext,
    step: StepContext,
    input: SummarizeInput,
    group: OriginalGroup,
    summary: WrittenSummary & { readonly level: number },
  ): Promise<Original | null>;
}

export const DATABASE_STEP = { retry: { maxAttempts: 5 } } as const;

/** Summarises batch by batch, then the summaries, until one stands for all of a namespace. */
export async function summarize(
  ctx: RunContext,
  input: SummarizeInput,
  ports: SummarizePorts,
): Promise<SummarizeOutput> {
  const { groups, left_out } = await ctx.step('choose', () => ports.choose(ctx, input), DATABASE_STEP);
  const levels = new Levels(ctx, input, ports);
  const summaries: string[] = [];
  for (const [index, group] of groups.entries()) summaries.push(...(await levels.summarize(group, `${index + 1}`)));
  const summarized = groups.reduce((sum, { originals }) => sum + originals.length, 0);
  return { summaries, made: levels.made, summarized, left_out };
}

class Levels {
  made = 0;

  constructor(
    private readonly ctx: RunContext,
    private readonly input: SummarizeInput,
    private readonly ports: SummarizePorts,
  ) {}

  async summarize(group: OriginalGroup, key: string): Promise<readonly string[]> {
    let level = group.originals;
    const before = this.made;
    for (let round = 1; isWorthIt(level) && level.length > (round === 1 ? 0 : 1); round += 1) {
      level = await this.oneLevel(group, level, `${key}:${round}`);
    }
    return this.made === before ? [] : level.map(({ id }) => id);
  }

  private async oneLevel(group: OriginalGroup, originals: readonly Original[], key: string): Promise<Original[]> {
    const made: Original[] = [];
    for (const [index, batch] of batchesOf(originals).entries()) {
      const [first] = batch;
      // What is left alone goes up as it is.
      if (first && batch.length === 1 && originals.length > 1) made.push(first);
      else made.push(...(await this.oneBatch(group, batch, `${key}:${index + 1}`)));
    }
    return made;
  }

  private async oneBatch(group: OriginalGroup, batch: readonly Original[], key: string): Promise<Original[]> {
    const ids = batch.map(({ id }) => id);
    const written = await writeSummary(this.ctx, this.ports, ids, key);
    const level = 1 + Math.max(...batch.map((original) => original.level));
    const keep = (step: StepContext) => this.ports.keep(this.ctx, step, this.input, group, { ...written, level });
    const kept = await this.ctx.step(`keep:${key}`, keep, DATABASE_STEP);
    if (kept) this.made += 1;
    return kept ? [kept] : [];
  }
}

/** Where no model answers in the end, the beginnings of the originals stand for them. */
export async function writeSummary(
  ctx: RunContext,
  ports: Pick<SummarizePorts, 'write'>,
  ids: readonly string[],
  key: string,
): Promise<WrittenSummary> {
  try {
    return await ctx.step(`write:${key}`, (step) => ports.write(ctx, step, ids, true), MODEL_STEP);
  } catch (error) {
    if (!(error instanceof RecordedFailure)) throw error;
    return ctx.step(`extract:${key}`, (step) => ports.write(ctx, step, ids, false), DATABASE_STEP);
  }
}
