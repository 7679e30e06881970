import { RecordedFailure, type RunContext, type StepContext } from '../../../engine/index.js';
import { MODEL_STEP } from '../model/memory-model.js';
import type { Extracted, ExtractInput, ExtractOutput, KnownItem } from './extract-job.js';
import { turnsAsFacts } from './read-facts.js';

/** What the work is done by, each inside a step. */
export interface ExtractPorts {
  /** What may say the same, or the opposite; null when the run may not write there. */
  known(ctx: RunContext, input: ExtractInput): Promise<readonly KnownItem[] | null>;
  /** @throws {StepFailure} */
  extract(ctx: RunContext, step: StepContext, input: ExtractInput, known: readonly KnownItem[]): Promise<Extracted>;
  /** Done again, it changes nothing. */
  keep(
    ctx: RunContext,
    step: StepContext,
    input: ExtractInput,
    found: Extracted,
    known: readonly KnownItem[],
  ): Promise<ExtractOutput>;
}

const DATABASE_STEP = { retry: { maxAttempts: 5 } } as const;

/** Takes fragments out of a conversation. What no model can read is kept as it was said. */
export async function extractMemory(ctx: RunContext, input: ExtractInput, ports: ExtractPorts): Promise<ExtractOutput> {
  const known = await ctx.step('known', () => ports.known(ctx, input), DATABASE_STEP);
  if (known === null) return { by: null, saved: [], replaced: [], known: 0, refused: true };
  const found = await extracted(ctx, input, known, ports);
  return ctx.step('keep', (step) => ports.keep(ctx, step, input, found, known), DATABASE_STEP);
}

async function extracted(
  ctx: RunContext,
  input: ExtractInput,
  known: readonly KnownItem[],
  ports: ExtractPorts,
): Promise<Extracted> {
  try {
    return await ctx.step('extract', (step) => ports.extract(ctx, step, input, known), MODEL_STEP);
  } catch (error) {
    if (!(error instanceof RecordedFailure)) throw error;
    return { by: 'turns', facts: turnsAsFacts(input.turns) };
  }
}
