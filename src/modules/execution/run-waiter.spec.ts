import { setTimeout as sleep } from 'node:timers/promises';
import { expect, describe, it } from 'vitest';
import type { RunReader } from './run-reader.js';
import { RunWaiter } from './run-waiter.js';

describe(RunWaiter.name, () => {
  it('stops looking for a run whose first look failed', async () => {
    let looks = 0;
    const reader: Pick<RunReader, 'find' | 'endedAmong'> = {
      find: () => Promise.reject(new Error('the database is away')),
      endedAmong: () => {
        looks += 1;
        return Promise.resolve([]);
      },
    };
    const waiter = new RunWaiter(reader as RunReader);
    await expect(waiter.wait('run', 60)).rejects.toThrow('the database is away');
    await sleep(600);
    expect(looks).toBe(0);
  });
});
