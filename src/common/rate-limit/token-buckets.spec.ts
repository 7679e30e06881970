import { describe, expect, it } from 'vitest';
import { TokenBuckets } from './token-buckets.js';

function allowed(buckets: TokenBuckets, times: number, now: number, key = 'a'): number {
  return Array.from({ length: times }, () => buckets.take(key, now)).filter(({ isAllowed }) => isAllowed).length;
}

describe('TokenBuckets', () => {
  it('lets a burst through, then as many as come back', () => {
    const buckets = new TokenBuckets({ perMinute: 1_200, burst: 300 });
    expect(allowed(buckets, 400, 1_000)).toBe(300);
    expect(allowed(buckets, 400, 1_049)).toBe(0);
    expect(allowed(buckets, 400, 1_050)).toBe(1);
    expect(allowed(buckets, 400, 2_050)).toBe(20);
    expect(allowed(buckets, 400, 62_050)).toBe(300);
  });

  it('lets 1,200 a minute through to whoever asks all the time', () => {
    const buckets = new TokenBuckets({ perMinute: 1_200, burst: 300 });
    let count = 0;
    for (let now = 0; now < 600_000; now += 10) count += allowed(buckets, 1, now);
    expect(count).toBeGreaterThanOrEqual(12_000);
    expect(count).toBeLessThanOrEqual(12_300);
  });

  it('says what is left, when it is full again, and when to come back', () => {
    const buckets = new TokenBuckets({ perMinute: 60, burst: 3 });
    expect(buckets.take('a', 0)).toEqual({ isAllowed: true, remaining: 2, resetSeconds: 1, retryAfterSeconds: 0 });
    buckets.take('a', 0);
    expect(buckets.hasToken('a', 0)).toBe(true);
    expect(buckets.take('a', 0)).toEqual({ isAllowed: true, remaining: 0, resetSeconds: 3, retryAfterSeconds: 0 });
    expect(buckets.hasToken('a', 0)).toBe(false);
    expect(buckets.take('a', 0)).toEqual({ isAllowed: false, remaining: 0, resetSeconds: 3, retryAfterSeconds: 1 });
    expect(buckets.take('a', 999)).toMatchObject({ isAllowed: false });
    expect(buckets.take('a', 1_000)).toMatchObject({ isAllowed: true, remaining: 0 });
  });

  it('keeps keys apart', () => {
    const buckets = new TokenBuckets({ perMinute: 60, burst: 2 });
    expect([allowed(buckets, 5, 0, 'a'), allowed(buckets, 5, 0, 'b')]).toEqual([2, 2]);
  });

  it('is bounded, and forgets those first that were not used for longest', () => {
    const buckets = new TokenBuckets({ perMinute: 60, burst: 2, maxBuckets: 100 });
    allowed(buckets, 2, 0, 'busy');
    for (let n = 0; n < 10_000; n += 1) {
      buckets.take(`key-${n}`, 0);
      const isAllowed = n % 50 === 0 && buckets.take('busy', 0).isAllowed;
      expect(isAllowed).toBe(false);
      expect(buckets.size).toBeLessThanOrEqual(200);
    }
  });
});
