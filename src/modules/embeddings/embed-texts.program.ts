import { RecordedFailure, type RunContext, RunFailure } from '../../engine/index.js';
import type { EmbedInput, EmbedOutput, EmbedProgress, EmbedWish } from './embed-job.js';
import type { EmbedPorts } from './embed-ports.js';
import { embedOneByOne } from './embed-one-by-one.js';
import { TOGETHER } from './text-batch.js';

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
    const done: EmbedProgress = await embedBatch(ctx, { input, after, portion: TOGETHER }, ports, `embed:${batch}`);
    embedded += done.embedded;
    if (done.last === null) break;
    after = done.last;
  }
  return embedded;
}

/** A call may fail for one of its texts: that must not keep the others from their vectors. */
async function embedBatch(ctx: RunContext, wish: EmbedWish, ports: EmbedPorts, key: string): Promise<EmbedProgress> {
  try {
    return await ctx.step(key, (step) => ports.embedSome(ctx, step, wish), EMBED);
  } catch (error) {
    if (!(error instanceof RecordedFailure)) throw error;
    return embedOneByOne(ctx, wish, ports, key);
  }
}
