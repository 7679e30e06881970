import { describe, expect, it } from 'vitest';
import { RecentRecords } from './recent-records.js';

describe('RecentRecords', () => {
  it('keeps what is young, and hands each out once', () => {
    let nowMs = 0;
    const recent = new RecentRecords<string>(() => nowMs);
    recent.add('1', 'old');
    nowMs = 20_000;
    recent.add('2', 'young');
    nowMs = 40_000;
    recent.add('3', 'new');
    expect(recent.take()).toEqual(['young', 'new']);
    expect(recent.take()).toEqual([]);
  });

  it('keeps no more than there is room for', () => {
    const recent = new RecentRecords<number>(() => 0);
    for (let n = 0; n < 20_010; n += 1) recent.add(String(n), n);
    expect(recent.take().slice(0, 2)).toEqual([10, 11]);
  });
});
