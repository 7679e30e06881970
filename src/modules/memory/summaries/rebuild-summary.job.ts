import { Injectable } from '@nestjs/common';
import { runWithTrace } from '../../../common/tracing/current-trace.js';
import { newTrace } from '../../../common/tracing/traceparent.js';
import type { RunContext, StepContext } from '../../../engine/index.js';
import { databaseInStep } from '../../execution/database-in-step.js';
import { type SystemJob, SystemWork } from '../../execution/system/system-job.js';
import { type RebuildPlan, type RebuildPorts, rebuildSummary } from './rebuild-summary.program.js';
import { REBUILD_JOB, type RebuildInput, type RebuildOutput, type WrittenSummary } from './summary-job.js';
import { SummaryRebuilds } from './summary-rebuilds.js';
import { SummaryWriter } from './summary-writer.js';

/** Makes runs that make a summary anew known. */
@Injectable()
@SystemWork(REBUILD_JOB)
export class RebuildSummaryJob implements SystemJob<RebuildInput>, RebuildPorts {
  constructor(
    private readonly rebuilds: SummaryRebuilds,
    private readonly writer: SummaryWriter,
  ) {}

  run(ctx: RunContext, input: RebuildInput): Promise<RebuildOutput> {
    return rebuildSummary(ctx, input, this);
  }

  plan({ ownerId }: RunContext, { summary_id: id }: RebuildInput): Promise<RebuildPlan> {
    return databaseInStep(() => this.rebuilds.plan(ownerId, id));
  }

  write(ctx: RunContext, step: StepContext, ids: readonly string[], isModelAsked: boolean): Promise<WrittenSummary> {
    return this.writer.write(ctx, step, ids, isModelAsked);
  }

  rebuild(
    { ownerId, runId, traceId }: RunContext,
    _step: StepContext,
    { summary_id: id }: RebuildInput,
    written: WrittenSummary,
  ): Promise<RebuildOutput['outcome']> {
    const work = () => this.rebuilds.rebuild(ownerId, id, runId, written);
    return databaseInStep(() => runWithTrace(newTrace(traceId), work));
  }
}
