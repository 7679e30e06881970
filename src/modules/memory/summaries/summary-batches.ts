import type { Original } from './summary-job.js';

const MAX_ITEMS = 20;
/** Any two originals together have no more. */
const MAX_CHARS = 24_000;
/** Of one original; the rest is not read. */
export const MAX_ORIGINAL_CHARS = MAX_CHARS / 2;

/** Cuts what is to be summarised, in order, into what a model reads at once. Only the last may have one alone. Pure. */
export function batchesOf(originals: readonly Original[]): readonly (readonly Original[])[] {
  const batches: Original[][] = [];
  let chars = 0;
  for (const original of originals) {
    const last = batches.at(-1);
    const size = Math.min(original.chars, MAX_ORIGINAL_CHARS);
    chars += size;
    if (last && last.length < MAX_ITEMS && chars <= MAX_CHARS) last.push(original);
    else {
      batches.push([original]);
      chars = size;
    }
  }
  return batches;
}

/** Whether there is anything to be made of it: a summary alone is one already. Pure. */
export function isWorthIt(originals: readonly Original[]): boolean {
  return originals.length > 1 || originals.some(({ level }) => level === 0);
}
