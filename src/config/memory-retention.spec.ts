import { describe, expect, it } from 'vitest';
import { readRetention, STANDARD_RETENTION } from './memory-retention.js';

describe('readRetention', () => {
  it('reads rules by kind, by tag and for what is over', () => {
    expect(readRetention('fragment:365, tag=a:b:7,expired:1')).toEqual([
      { of: { kind: 'fragment' }, days: 365 },
      { of: { tag: 'a:b' }, days: 7 },
      { of: 'expired', days: 1 },
    ]);
    expect(readRetention(STANDARD_RETENTION)).toHaveLength(3);
    expect(readRetention('off')).toEqual([]);
  });

  it.each(['', 'fragment', 'fragment:0', 'nonsense:3', 'fragment:365,', 'tag=:3', 'fragment:-1'])(
    'refuses %j',
    (text) => {
      expect(readRetention(text)).toBeUndefined();
    },
  );
});
