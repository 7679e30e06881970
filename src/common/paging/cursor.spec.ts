import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../errors/invalid-input.error.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { toPage } from './page.js';

const row = (n: number) => ({
  createdAt: new Date(`2026-01-01T00:00:00.00${n}Z`),
  id: `019a0000-0000-7000-8000-00000000000${n}`,
});

describe('cursor', () => {
  it('comes back as it was', () => {
    expect(decodeCursor(encodeCursor(row(3)))).toEqual(row(3));
  });

  it.each(['', 'x', 'MTIz', Buffer.from('12 not-an-id').toString('base64url'), encodeCursor(row(1)) + 'IA'])(
    'refuses %j',
    (text) => {
      expect(() => decodeCursor(text)).toThrow(InvalidInputError);
    },
  );
});

describe('toPage', () => {
  it('leaves out the row beyond the limit and points behind the last one shown', () => {
    const page = toPage([row(3), row(2), row(1)], 2, ({ id }) => id);
    expect(page.items).toEqual([row(3).id, row(2).id]);
    expect(decodeCursor(page.next_cursor ?? '')).toEqual(row(2));
  });

  it('has no next cursor at the end', () => {
    expect(toPage([row(2), row(1)], 2, ({ id }) => id).next_cursor).toBeNull();
    expect(toPage([], 2, () => 0)).toEqual({ items: [], next_cursor: null });
  });
});
