import { BenchDatabase } from '../support/bench-database.js';
import { withCleanUp } from '../support/clean-up.js';
import type { BenchOptions } from '../support/options.js';
import { Peer } from '../support/peer.js';
import { printTable } from '../support/table.js';
import type { Bed } from './worker.js';

interface Memory {
  readonly rssMb: number;
  readonly heapMb: number;
}

const COUNTS = [1_000, 10_000];
const QUICK_COUNTS = [20];

/**
 * A worker's memory after garbage collection, with more and more runs asleep that it put to sleep itself. It has carried
 * out as many runs before: what work leaves behind in heap and allocator is not counted as the sleepers'.
 */
export async function run({ quick }: BenchOptions): Promise<void> {
  await withCleanUp(async (onEnd) => {
    const database = await BenchDatabase.start();
    onEnd(() => database.stop());
    const worker = await Peer.start('sleeping/worker.js', { url: database.url });
    onEnd(() => worker.stop());
    const rows: (string | number)[][] = [];
    const add = (count: number, isSleepy: boolean): Promise<Memory> => worker.ask({ count, isSleepy } satisfies Bed);
    const counts = quick ? QUICK_COUNTS : COUNTS;
    const before = await add(Math.max(...counts), false);
    let asleep = 0;
    for (const count of counts) {
      const { rssMb, heapMb } = await add(count - asleep, true);
      asleep = count;
      rows.push([`${count} runs`, rssMb, rssMb - before.rssMb, heapMb - before.heapMb]);
    }
    const title = `Sleeping runs: memory of a worker that has warmed up (${Math.round(before.rssMb)} MB), after gc`;
    printTable(title, ['asleep', 'RSS MB', 'RSS added MB', 'heap added MB'], rows);
  });
}
