import { RecordedFailure, type RunContext, RunFailure, type StepContext } from '../../engine/index.js';
import type { EmbedInput, EmbedOutput, EmbedProgress } from './embed-job.js';

/** What the work is done by. */
export interface EmbedPorts {
  /** From now on, what is saved needs another run. */
  begin(tx: unknown, ctx: RunContext, input: EmbedInput): Promise<null>;
  /** Embeds some of what comes after a text and has no vector. Done again, it goes on where it was. @throws {StepFailure} */
  embedSome(ctx: RunContext, step: StepContext, input: EmbedInput, after: string | null): Promise<EmbedProgress>;
  /** The provider fails: for some time nothing more is tried. */
  rest(tx: unknown, ctx: RunContext, input: EmbedInput): Promise<null>;
}

/** One call may be slow, but not for ever; what may pass is tried again, less and less often. */
const EMBED = { timeoutMs: 120_000, retry: { maxAttempts: 5 } } as const;
/** Of one run: the rest is for the next one, so that no journal grows without end. */
const MAX_BATCHES = 500;

/** The program of runs that make vectors of what has none. */
export async function embedTexts(ctx: RunContext, input: EmbedInput, ports: EmbedPorts): Promise<EmbedOutput> {
  await ctx.transact('begin', (tx) => ports.begin(tx, ctx, input));
  try {
    return { embedded: await embedAll(ctx, input, ports) };
  } catch (error) {
    if (!(error instanceof RecordedFailure)) throw error;
    await ctx.transact('rest', (tx) => ports.rest(tx, ctx, input));
    throw new RunFailure(error.info);
  }
}

async function embedAll(ctx: RunContext, input: EmbedInput, ports: EmbedPorts): Promise<number> {
  let after: string | null = null;
  let embedded = 0;
  for (let batch = 1; batch <= MAX_BATCHES; batch++) {
    const from: string | null = after;
    const done: EmbedProgress = await ctx.step(
      `embed:${batch}`,
      (step) => ports.embedSome(ctx, step, input, from),
      EMBED,
    );
    embedded += done.embedded;
    if (done.last === null) break;
    after = done.last;
  }
  return embedded;
}
