import { describe, expect, it } from 'vitest';
import { batchesOf, isWorthIt } from './summary-batches.js';
import type { Original } from './summary-job.js';
import { extractOf } from './summary-text.js';

const original = (id: string, chars = 100, level = 0): Original => ({ id, chars, level });
const many = (count: number, chars?: number) => Array.from({ length: count }, (_, at) => original(`${at}`, chars));

describe('batchesOf', () => {
  it('takes as many as a model reads at once, in order', () => {
    expect(batchesOf(many(45)).map(({ length }) => length)).toEqual([20, 20, 5]);
    expect(batchesOf(many(5, 10_000)).map((batch) => batch.map(({ id }) => id))).toEqual([
      ['0', '1'],
      ['2', '3'],
      ['4'],
    ]);
    expect(batchesOf([])).toEqual([]);
  });

  it('leaves only the last alone, however long they are: with each level there are fewer', () => {
    expect(batchesOf(many(5, 1_000_000)).map(({ length }) => length)).toEqual([2, 2, 1]);
  });
});

describe('isWorthIt', () => {
  it('makes no summary of a summary', () => {
    expect([isWorthIt([]), isWorthIt([original('a', 9, 1)]), isWorthIt([original('a')])]).toEqual([false, false, true]);
  });
});

describe('extractOf', () => {
  it('has the first sentence of each, shorter the more there are', () => {
    const at = '2026-05-01T10:00:00.000Z';
    const said = (content: string, speaker: string | null = null) => ({ content, speaker, at });
    expect(extractOf([said('It  sails.\nSlowly.', 'Ada'), said('No end')])).toBe(
      '[2026-05-01, Ada] It sails.\n[2026-05-01] No end',
    );
    const long = extractOf(Array.from({ length: 100 }, (_, index) => said(`${index} ${'x'.repeat(500)}`)));
    expect(long.length).toBeLessThan(6_000);
  });
});
