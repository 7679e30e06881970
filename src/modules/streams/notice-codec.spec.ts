import { describe, expect, it } from 'vitest';
import { decodeNotice, encodeNotices, type NoticeItem } from './notice-codec.js';

const OWNER = '0198c5b0-1111-7000-8000-00000000abcd';

function events(streamId: number, rootRunId: string | null = null): NoticeItem {
  return { kind: 'events', announcement: { streamId, from: 3, to: 9, ownerId: OWNER, rootRunId } };
}

describe('encodeNotices', () => {
  it('gives back what was put in', () => {
    const items: NoticeItem[] = [
      events(1),
      events(2, OWNER),
      { kind: 'events', announcement: { streamId: 3, from: 1, to: 1, ownerId: null, rootRunId: null } },
      { kind: 'step_ended', streamId: 4, step: 'node:"ü"', attempt: 2 },
      { kind: 'text', streamId: 5 },
      { kind: 'hint', name: 'work', payload: '' },
      { kind: 'poll' },
      { kind: 'hello' },
      { kind: 'bye' },
    ];
    const [payload, ...more] = encodeNotices('me', items, 8);
    expect(more).toEqual([]);
    expect(decodeNotice(payload!)).toEqual({ sender: 'me', items });
  });

  it('spreads many items over payloads that PostgreSQL takes', () => {
    const items = Array.from({ length: 600 }, (_, index) => events(index, OWNER));
    const payloads = encodeNotices('me', items, 8);
    expect(Math.max(...payloads.map((payload) => Buffer.byteLength(payload)))).toBeLessThanOrEqual(7_900);
    expect(payloads.flatMap((payload) => decodeNotice(payload)!.items)).toEqual(items);
  });

  it('asks to look instead when there is too much, and keeps the hints', () => {
    const hint: NoticeItem = { kind: 'hint', name: 'intent', payload: 'x' };
    const items = [...Array.from({ length: 5_000 }, (_, index) => events(index)), hint];
    const [payload, ...more] = encodeNotices('me', items, 8);
    expect(more).toEqual([]);
    expect(decodeNotice(payload!)?.items).toEqual([{ kind: 'poll' }, hint]);
  });

  it('sends nothing when there is nothing', () => {
    expect(encodeNotices('me', [], 8)).toEqual([]);
  });
});

describe('decodeNotice', () => {
  it.each(['', 'x', '{}', '5', '[]', '["me",["z"]]', '["me",5]'])('ignores %s', (payload) => {
    expect(decodeNotice(payload)).toBeUndefined();
  });
});
