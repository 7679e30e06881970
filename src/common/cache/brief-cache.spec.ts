import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BriefCache } from './brief-cache.js';

function counting(maxAgeMs: number, maxEntries = 10) {
  const loads: string[] = [];
  const cache = new BriefCache<number>(async (key) => loads.push(key), maxAgeMs, maxEntries);
  return { cache, loads };
}

describe('BriefCache', () => {
  it('loads once for readers that come at once and for those soon after', async () => {
    const { cache, loads } = counting(60_000);
    expect(await Promise.all([cache.get('a'), cache.get('a')])).toEqual([1, 1]);
    expect(await cache.get('a')).toBe(1);
    expect(loads).toEqual(['a']);
  });

  it('loads again when the answer is too old', async () => {
    const { cache } = counting(5);
    await cache.get('a');
    await sleep(10);
    expect(await cache.get('a')).toBe(2);
  });

  it('loads again after a drop', async () => {
    const { cache } = counting(60_000);
    await cache.get('a');
    cache.drop('a');
    expect(await cache.get('a')).toBe(2);
  });

  it('forgets the oldest beyond its size', async () => {
    const { cache, loads } = counting(60_000, 2);
    for (const key of ['a', 'b', 'c', 'b', 'a']) await cache.get(key);
    expect(loads).toEqual(['a', 'b', 'c', 'a']);
  });

  it('does not keep a failure', async () => {
    let isDown = true;
    const load = async (): Promise<string> => (isDown ? Promise.reject(new Error('down')) : 'up');
    const cache = new BriefCache(load, 60_000, 10);
    await expect(cache.get('a')).rejects.toThrow('down');
    isDown = false;
    expect(await cache.get('a')).toBe('up');
  });
});
