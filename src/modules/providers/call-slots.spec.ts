import { describe, expect, it } from 'vitest';
import { CallSlots } from './call-slots.js';

const { signal } = new AbortController();

describe('CallSlots', () => {
  it('hands a slot to whoever has waited longest', async () => {
    const slots = new CallSlots(1);
    const order: string[] = [];
    await slots.take(signal);
    const [first, second] = ['first', 'second'].map((name) => slots.take(signal).then(() => order.push(name)));
    slots.release();
    await first;
    expect(order).toEqual(['first']);
    slots.release();
    await second;
    expect(order).toEqual(['first', 'second']);
  });

  it('lets go of one who gives up, and keeps its place for the next', async () => {
    const slots = new CallSlots(1);
    const impatient = new AbortController();
    await slots.take(signal);
    const givenUp = slots.take(impatient.signal);
    const next = slots.take(signal);
    impatient.abort(new Error('too slow'));
    await expect(givenUp).rejects.toThrow('too slow');
    slots.release();
    await expect(next).resolves.toBeUndefined();
  });

  it('refuses a limit below one', () => {
    expect(() => new CallSlots(0)).toThrow(RangeError);
  });
});
