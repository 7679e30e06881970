import { describe, expect, it } from 'vitest';
import { batchOf, MAX_TEXT_CHARACTERS, MAX_TEXTS } from './text-batch.js';

const texts = (count: number, length: number) =>
  Array.from({ length: count }, (_, at) => ({ id: String(at), text: 'x'.repeat(length), hash: '' }));

describe('batchOf', () => {
  it('takes so many short texts, or so many characters', () => {
    expect(batchOf(texts(100, 10))).toHaveLength(MAX_TEXTS);
    expect(batchOf(texts(64, 4_000))).toHaveLength(25);
    expect(batchOf([])).toEqual([]);
  });

  it('cuts what is too long, and never in the middle of a character', () => {
    const [long] = batchOf([{ id: 'a', text: 'x'.repeat(MAX_TEXT_CHARACTERS - 1) + '🦊🦊', hash: '' }]);
    expect(long?.text).toHaveLength(MAX_TEXT_CHARACTERS);
    expect(long?.text.isWellFormed()).toBe(true);
  });
});
