import { beforeEach, describe, expect, it } from 'vitest';
import { BatchRefusedError } from './errors.js';
import type { NewRun } from './ports/run-queue.js';
import { RunCreator } from './run-creator.js';
import { InMemoryRunQueue } from './testing/in-memory-run-queue.js';
import { MemoryState } from './testing/in-memory-state.js';
import { SystemClock } from '../modules/execution/system-clock.js';
import { newRun } from './testing/stores.js';

/** Cannot store a run of the kind `bad`, and cannot be reached while `failure` is set. */
class TroubledQueue extends InMemoryRunQueue {
  attempts = 0;
  failure: Error | undefined;

  override async create(runs: readonly NewRun[]): Promise<void> {
    this.attempts += 1;
    if (this.failure) throw this.failure;
    if (runs.some(({ kind }) => kind === 'bad')) throw new BatchRefusedError('one is bad');
    await super.create(runs);
  }
}

describe(RunCreator.name, () => {
  let queue: TroubledQueue;
  let creator: RunCreator;

  beforeEach(() => {
    queue = new TroubledQueue(new MemoryState(() => Date.now()));
    creator = new RunCreator(queue, new SystemClock(), () => undefined);
  });

  async function createAll(kinds: readonly string[]): Promise<string[]> {
    const results = await Promise.allSettled(kinds.map((kind) => creator.create(newRun({ kind }))));
    return results.map(({ status }) => status);
  }

  it('inserts what gathered in one go', async () => {
    expect(await createAll(['a', 'b', 'c'])).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(queue.attempts).toBe(1);
  });

  it('refuses only the run that cannot be stored', async () => {
    expect(await createAll(['a', 'bad', 'c'])).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('does not wait for an absent database once per run', async () => {
    queue.failure = new Error('the database cannot be reached');
    expect(await createAll(['a', 'b', 'c'])).toEqual(['rejected', 'rejected', 'rejected']);
    expect(queue.attempts).toBe(1);
  });
});
