import type { RunContext, StepContext } from '../../../engine/index.js';
import { DATABASE_STEP, type SummarizePorts, writeSummary } from './summarize.program.js';
import type { RebuildInput, RebuildOutput, WrittenSummary } from './summary-job.js';

/** What is left of what a summary was made from; or that it cannot be made anew now. */
export type RebuildPlan = { readonly ids: readonly string[] } | { readonly outcome: RebuildOutput['outcome'] };

export interface RebuildPorts extends Pick<SummarizePorts, 'write'> {
  plan(ctx: RunContext, input: RebuildInput): Promise<RebuildPlan>;
  /** Done again, it changes nothing. */
  rebuild(
    ctx: RunContext,
    step: StepContext,
    input: RebuildInput,
    summary: WrittenSummary,
  ): Promise<RebuildOutput['outcome']>;
}

/** Makes a stale summary anew, of what is left of its originals. */
export async function rebuildSummary(
  ctx: RunContext,
  input: RebuildInput,
  ports: RebuildPorts,
): Promise<RebuildOutput> {
  const { summary_id } = input;
  const plan = await ctx.step('plan', () => ports.plan(ctx, input), DATABASE_STEP);
  if ('outcome' in plan) return { summary_id, outcome: plan.outcome };
  const written: WrittenSummary =
    plan.ids.length === 0
      ? { text: '', method: 'extract', originals: [] }
      : await writeSummary(ctx, ports, plan.ids, 'again');
  const outcome = await ctx.step('rebuild', (step) => ports.rebuild(ctx, step, input, written), DATABASE_STEP);
  return { summary_id, outcome };
}
