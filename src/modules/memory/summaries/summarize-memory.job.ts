import { Injectable } from '@nestjs/common';
import { runWithTrace } from '../../../common/tracing/current-trace.js';
import { newTrace } from '../../../common/tracing/traceparent.js';
import type { RunContext, StepContext } from '../../../engine/index.js';
import { databaseInStep } from '../../execution/database-in-step.js';
import { type SystemJob, SystemWork } from '../../execution/system/system-job.js';
import { ConversationTurns } from '../extraction/conversation-turns.js';
import { summarize, type SummarizePorts } from './summarize.program.js';
import {
  type ChosenOriginals,
  COMPRESS_JOB,
  type Original,
  type OriginalGroup,
  SUMMARIZE_JOB,
  type SummarizeInput,
  type SummarizeOutput,
  type WrittenSummary,
} from './summary-job.js';
import { SummaryKeeper } from './summary-keeper.js';
import { SummarySources } from './summary-sources.js';
import { SummaryWriter } from './summary-writer.js';

/** Makes runs that summarise known. */
@Injectable()
@SystemWork(SUMMARIZE_JOB)
export class SummarizeMemoryJob implements SystemJob<SummarizeInput>, SummarizePorts {
  constructor(
    private readonly sources: SummarySources,
    private readonly turns: ConversationTurns,
    private readonly writer: SummaryWriter,
    private readonly keeper: SummaryKeeper,
  ) {}

  run(ctx: RunContext, input: SummarizeInput): Promise<SummarizeOutput> {
    return summarize(ctx, input, this);
  }

  choose(ctx: RunContext, input: SummarizeInput): Promise<ChosenOriginals> {
    return databaseInStep(() => runWithTrace(newTrace(ctx.traceId), () => this.chosen(ctx.ownerId, input)));
  }

  /** Of a conversation of which nothing is remembered yet, the turns themselves. */
  private async chosen(ownerId: string, input: SummarizeInput): Promise<ChosenOriginals> {
    const chosen = await this.sources.choose(ownerId, input);
    if (chosen.groups.length > 0 || !('session_id' in input.wish)) return chosen;
    await this.turns.keep(ownerId, input.wish.session_id);
    return this.sources.choose(ownerId, input);
  }

  write(ctx: RunContext, step: StepContext, ids: readonly string[], isModelAsked: boolean): Promise<WrittenSummary> {
    return this.writer.write(ctx, step, ids, isModelAsked);
  }

  keep(
    { ownerId, runId, traceId }: RunContext,
    step: StepContext,
    { job: source }: SummarizeInput,
    group: OriginalGroup,
    summary: WrittenSummary & { readonly level: number },
  ): Promise<Original | null> {
    const work = () => this.keeper.keep(ownerId, group, { ...summary, source, runId }, step.idempotencyKey);
    return databaseInStep(() => runWithTrace(newTrace(traceId), work));
  }
}

/** What is old is put together in the same way; what came of it stands for it in prompts. */
@Injectable()
@SystemWork(COMPRESS_JOB)
export class CompressMemoryJob implements SystemJob<SummarizeInput> {
  constructor(private readonly summaries: SummarizeMemoryJob) {}

  run(ctx: RunContext, input: SummarizeInput): Promise<SummarizeOutput> {
    return this.summaries.run(ctx, input);
  }
}
