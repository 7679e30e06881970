import { BenchDatabase } from '../support/bench-database.js';
import { withCleanUp } from '../support/clean-up.js';
import { medians } from '../support/median.js';
import type { BenchOptions } from '../support/options.js';
import { printTable } from '../support/table.js';
import { BareSubject } from './bare-subject.js';
import { EngineSubject } from './engine-subject.js';
import { drive, measure, type Figures } from './measure.js';
import type { Subject } from './subject.js';

/** How many at once, and how many runs make a figure that holds. */
const RUNS: ReadonlyMap<number, number> = new Map([
  [1, 200],
  [16, 2_000],
  [64, 4_000],
  [256, 5_000],
]);
const QUICK_RUNS = 2;
const HEAD = [
  'ten steps, 1 KB of state',
  'steps/s',
  'ms per run',
  'CPU-ms per run',
  'of it database',
  'WAL KB per run',
];

export async function run(options: BenchOptions): Promise<void> {
  await withCleanUp(async (onEnd) => {
    const database = await BenchDatabase.start();
    onEnd(() => database.stop());
    const subjects = [await BareSubject.start(database), await EngineSubject.start(database)];
    for (const subject of subjects) onEnd(() => subject.close());
    if (!options.quick) for (const subject of subjects) await drive(subject, 64, 2_000);
    for (const at of options.at ?? RUNS.keys()) await compare(subjects, database, at, options);
  });
}

async function compare(subjects: Subject[], database: BenchDatabase, at: number, options: BenchOptions): Promise<void> {
  const runs = options.quick ? QUICK_RUNS * at : (RUNS.get(at) ?? at * 50);
  const found = new Map<Subject, Figures[]>(subjects.map((subject) => [subject, []]));
  for (let round = 0; round < options.rounds; round += 1) {
    for (const [subject, figures] of found) figures.push(await measure(subject, database, at, runs));
  }
  const rows = [...found].map(([{ name }, figures]) => [name, ...medians(figures.map(columns))]);
  printTable(`${at} at once (${runs} runs, median of ${options.rounds})`, HEAD, rows);
}

function columns(figures: Figures): number[] {
  const { stepsPerSecond, msPerRun, cpuMsPerRun, databaseCpuMsPerRun, walKbPerRun } = figures;
  return [stepsPerSecond, msPerRun, cpuMsPerRun, databaseCpuMsPerRun, walKbPerRun];
}
