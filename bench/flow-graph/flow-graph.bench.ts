import { v7 as uuidv7 } from 'uuid';
import type { ProgramDefinition } from '../../src/engine/index.js';
import type { ComponentDefinition } from '../../src/modules/flows/catalogue/component-definition.js';
import { flowProgram } from '../../src/modules/flows/program/flow-program.definition.js';
import { BenchEngine } from '../server/bench-engine.js';
import { BenchDatabase } from '../support/bench-database.js';
import { medians } from '../support/median.js';
import type { BenchOptions } from '../support/options.js';
import { printTable } from '../support/table.js';
import { wideGraph } from './wide-graph.js';

const COUNTS = [500, 1_000, 2_000, 4_000];
const QUICK_COUNTS = [20];
const COMPONENT: ComponentDefinition = {
  type: 'bench',
  name: 'Bench',
  description: '',
  category: 'processing',
  icon: '',
  color: '',
  providerType: 'none',
  usesLlm: false,
  version: 1,
  fields: [],
  ports: [],
  api: { executor: 'pass_through', inputMapping: {} },
  outputs: [],
};

/** Nodes that do nothing: what is measured is the graph, the engine and the journal. */
const program = flowProgram(() => ({
  component: COMPONENT,
  execute: ({ nodeId }) => Promise.resolve({ text: nodeId }),
})) as ProgramDefinition;

/** The overhead of one run of a large flow: it should grow as nodes and edges do. */
export async function run({ quick, at, rounds }: BenchOptions): Promise<void> {
  const database = await BenchDatabase.start();
  const bench = await BenchEngine.start(database.url, program);
  try {
    if (!quick) await measure(bench, 1_000);
    const rows: Array<Array<string | number>> = [];
    for (const count of at ?? (quick ? QUICK_COUNTS : COUNTS)) rows.push(await figuresOf(bench, count, rounds));
    const head = ['', 'ms', 'CPU ms of this process', 'µs per node or edge', 'CPU µs per node or edge'];
    printTable(`One flow with a fan-out and a fan-in of half its nodes (median of ${rounds})`, head, rows);
  } finally {
    await bench.close();
    await database.stop();
  }
}

async function figuresOf(bench: BenchEngine, count: number, rounds: number): Promise<Array<string | number>> {
  const found: number[][] = [];
  for (let round = 0; round < rounds; round += 1) found.push(await measure(bench, count));
  const [ms = Number.NaN, cpuMs = Number.NaN] = medians(found);
  const perPart = 1_000 / (count * 4);
  return [`${count} nodes, ${count * 3} edges`, ms, cpuMs, ms * perPart, cpuMs * perPart];
}

async function measure(bench: BenchEngine, count: number): Promise<number[]> {
  const id = uuidv7();
  const ended = new Promise<void>((resolve) => (bench.onCompleted = (runId) => runId === id && resolve()));
  const input = JSON.stringify(wideGraph(count));
  const owner = { ownerId: uuidv7(), projectId: null, traceId: id.replaceAll('-', '') };
  globalThis.gc?.();
  const [startedAt, cpu] = [performance.now(), process.cpuUsage()];
  await bench.engine.create({ id, kind: program.kind, version: program.version, input, ...owner });
  await ended;
  const { user, system } = process.cpuUsage(cpu);
  return [performance.now() - startedAt, (user + system) / 1_000];
}
