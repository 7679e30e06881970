import { RecordedFailure, type RunContext } from '../../engine/index.js';
import type { EmbedProgress, EmbedWish } from './embed-job.js';
import type { EmbedPorts } from './embed-ports.js';
import { ALONE, MAX_TEXTS, SHORT } from './text-batch.js';

const ONCE = { timeoutMs: 120_000 } as const;
/** What passes is not the text's fault. */
const ALONE_TOO = { ...ONCE, retry: { maxAttempts: 3 } } as const;

/** Goes on after a call that failed, if the model works: as many texts as may have been in it, each of them alone. */
export async function embedOneByOne(
  ctx: RunContext,
  wish: EmbedWish,
  ports: EmbedPorts,
  key: string,
): Promise<EmbedProgress> {
  await ctx.step(`${key}:up`, (step) => ports.nextWhenUp(ctx, step, wish), ONCE);
  let { after } = wish;
  let embedded = 0;
  for (let text = 1; text <= MAX_TEXTS; text++) {
    const done: EmbedProgress = await embedOne(ctx, { ...wish, after }, ports, `${key}:${text}`);
    embedded += done.embedded;
    if (done.last === null) return { last: null, embedded };
    after = done.last;
  }
  return { last: after, embedded };
}

/** Whole; else its beginning, for models that read little. What fails still, while the model works, is left out. */
async function embedOne(ctx: RunContext, wish: EmbedWish, ports: EmbedPorts, key: string): Promise<EmbedProgress> {
  for (const portion of [ALONE, SHORT]) {
    try {
      const name = `${key}:${portion.characters}`;
      return await ctx.step(name, (step) => ports.embedSome(ctx, step, { ...wish, portion }), ALONE_TOO);
    } catch (error) {
      if (!(error instanceof RecordedFailure)) throw error;
    }
  }
  const next = await ctx.step(`${key}:next`, (step) => ports.nextWhenUp(ctx, step, wish), ONCE);
  if (next !== null) await ctx.step(`${key}:out`, () => ports.leaveOut(wish.input, next));
  return { last: next, embedded: 0 };
}
