import { describe, expect, it } from 'vitest';
import { isTimeUp, timeBoxed } from './time-box.js';

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

describe(timeBoxed, () => {
  it('ends work that goes on for ever, at the first try', () => {
    let tries = 0;
    const work = () => {
      tries += 1;
      for (;;);
    };
    expect(() => timeBoxed(100, work)).toThrow(expect.toSatisfy(isTimeUp));
    expect(tries).toBe(1);
  });

  it('gives work more time that had none of the processor', () => {
    let tries = 0;
    const work = () => {
      // As when others have the processor: the thread stands still until after its time.
      if ((tries += 1) === 1) sleep(150);
      return 'done';
    };
    expect(timeBoxed(50, work)).toBe('done');
  });
});
