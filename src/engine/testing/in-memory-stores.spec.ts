import { InMemoryStores } from './in-memory-stores.js';
import { describeJournal } from './journal.contract.js';
import { describeRunQueue } from './run-queue.contract.js';
import type { Stores } from './stores.js';

async function makeStores(): Promise<Stores> {
  let nowMs = Date.UTC(2026, 0, 1);
  const { journal, queue, blobs } = new InMemoryStores(() => nowMs);
  return {
    journal,
    queue,
    blobs,
    now: () => new Date(nowMs),
    advance: (ms) => {
      nowMs += ms;
    },
    close: () => Promise.resolve(),
  };
}

describeJournal('InMemoryJournal', makeStores);
describeRunQueue('InMemoryRunQueue', makeStores);
