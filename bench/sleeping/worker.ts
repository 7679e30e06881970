import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import type { NewRun, ProgramDefinition } from '../../src/engine/index.js';
import { BenchEngine } from '../server/bench-engine.js';
import { serveParent } from '../support/peer.js';

const A_DAY_MS = 86_400_000;
const CREATED_AT_ONCE = 200;
const SETTLE_MS = 50;

export interface Bed {
  readonly count: number;
  /** False: the runs end instead. */
  readonly isSleepy: boolean;
}

const sleeper: ProgramDefinition = {
  kind: 'bench.sleep',
  version: 1,
  run: async (ctx, input) => {
    const now = await ctx.now('now');
    if ((input as Bed).isSleepy) await ctx.sleepUntil('nap', new Date(now.getTime() + A_DAY_MS));
  },
};

/** Creates runs that do one step and then sleep; answers its memory once all of them are asleep. */
async function addRuns(engine: BenchEngine, bed: Bed): Promise<{ rssMb: number; heapMb: number }> {
  const { count } = bed;
  for (let left = count; left > 0; left -= CREATED_AT_ONCE) {
    const runs = Array.from({ length: Math.min(left, CREATED_AT_ONCE) }, () => newRun(bed));
    await Promise.all(runs.map((run) => engine.engine.create(run)));
  }
  while (engine.departed < count) await sleep(SETTLE_MS);
  engine.departed = 0;
  return memory();
}

async function memory(): Promise<{ rssMb: number; heapMb: number }> {
  // Twice: what the first finds unreachable may hold buffers that only then can go. As thorough as when memory runs out:
  // else the heap keeps the pages that garbage was in.
  for (let pass = 0; pass < 2; pass += 1) {
    await globalThis.gc?.({ type: 'major', flavor: 'last-resort', execution: 'async' });
    await sleep(SETTLE_MS);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rssMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 };
}

function newRun(bed: Bed): NewRun {
  const id = uuidv7();
  const { kind, version } = sleeper;
  const input = JSON.stringify(bed);
  return { id, kind, version, input, ownerId: uuidv7(), projectId: null, traceId: id.replaceAll('-', '') };
}

await serveParent(async (argument) => {
  const engine = await BenchEngine.start((argument as { url: string }).url, sleeper);
  return {
    ready: null,
    answer: (bed) => addRuns(engine, bed as Bed),
    close: () => engine.close(),
  };
});
