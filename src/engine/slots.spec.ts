import { describe, expect, it } from 'vitest';
import { Slots } from './slots.js';

describe(Slots.name, () => {
  it('gives its places out in the order they were asked for', () => {
    const slots = new Slots(2);
    const got: number[] = [];
    for (let asker = 0; asker < 50; asker += 1) slots.acquire(() => got.push(asker));
    expect(got).toEqual([0, 1]);
    for (let time = 0; time < 20; time += 1) slots.release();
    slots.acquire(() => got.push(50));
    for (let time = 0; time < 31; time += 1) slots.release();
    expect(got).toEqual(Array.from({ length: 51 }, (_, asker) => asker));
    expect(slots.inUse).toBe(0);
  });

  it('takes as long for the last of many as for the first', () => {
    const slots = new Slots(1);
    let got = 0;
    for (let asker = 0; asker < 300_000; asker += 1) slots.acquire(() => (got += 1));
    const startedAt = performance.now();
    for (let time = 0; time < 300_000; time += 1) slots.release();
    expect(got).toBe(300_000);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('is not overrun by askers that give back at once', () => {
    const slots = new Slots(1);
    let got = 0;
    slots.acquire(() => undefined);
    for (let asker = 0; asker < 100_000; asker += 1) {
      slots.acquire(() => {
        got += 1;
        slots.release();
      });
    }
    slots.release();
    expect([got, slots.inUse]).toEqual([100_000, 0]);
  });
});
