import { describe, expect, it } from 'vitest';
import { headOf, padTo, tailOf, toLine, widthOf, wrap } from './text-layout.js';

describe('toLine', () => {
  it('leaves nothing that would steer the terminal', () => {
    expect(toLine('a\u001b[2Jb\r\nc\u202ed')).toBe('a [2Jb c d');
  });
});

describe('widthOf', () => {
  it.each([
    ['flow', 4],
    ['灯台', 4],
    ['e\u0301', 1],
    ['🎭', 2],
  ])('of %s is %i', (text, width) => {
    expect(widthOf(text)).toBe(width);
    expect(widthOf(padTo(text, 9))).toBe(9);
  });
});

describe('headOf and tailOf', () => {
  it('keep what fits', () => {
    expect([headOf('one two', 7), tailOf('one two', 7)]).toEqual(['one two', 'one two']);
  });

  it('cut the rest off', () => {
    expect([headOf('one two three', 8), tailOf('one two three', 8)]).toEqual(['one two…', '…o three']);
  });

  it('never take more than they may, whatever the characters', () => {
    const text = '灯台 a 灯台 b 🎭 e\u0301e\u0301';
    for (let width = 1; width < 20; width++) {
      expect(widthOf(headOf(text, width))).toBeLessThanOrEqual(width);
      expect(widthOf(tailOf(text, width))).toBeLessThanOrEqual(width);
    }
  });
});

describe('wrap', () => {
  it('breaks at spaces, and keeps line breaks', () => {
    expect(wrap('one two three\n\nfour', 8)).toEqual(['one two', 'three', '', 'four']);
  });

  it('breaks what has no spaces', () => {
    expect(wrap('abcdefghij 灯台灯台', 4)).toEqual(['abcd', 'efgh', 'ij', '灯台', '灯台']);
  });
});
