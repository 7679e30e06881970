import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './model-failures.js';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');

describe('retryAfterMs', () => {
  it.each([
    ['3', 3000],
    ['0.25', 250],
    ['0', 0],
    ['Sun, 01 Mar 2026 12:00:05 GMT', 5000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('reads %s', (header, expected) => {
    expect(retryAfterMs(header, NOW)).toBe(expected);
  });
});
