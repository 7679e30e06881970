import type { JournalRow } from '../../src/engine/ports/journal.js';
import { parseRecord, settlementOf } from '../../src/engine/record.js';
import type { InMemoryStores } from '../../src/engine/testing/in-memory-stores.js';
import { isEnded, type MemoryRun } from '../../src/engine/testing/in-memory-state.js';
import { checkOrder } from './order.js';
import { does, MAX_ATTEMPTS, type Op, type SimProgram, type Trace } from './sim-program.js';
import type { World } from './world.js';

const TERMINAL = new Set(['execution.completed', 'execution.failed', 'execution.cancelled']);

/** Holds every run's journal against what a simple sequential machine would have done. */
export function checkRuns(stores: InMemoryStores, world: World, delivered: ReadonlyMap<string, JournalRow[]>): void {
  for (const run of stores.state.runs.values()) {
    const fail = (message: string) => world.violate(`${run.spec.id} (${run.status}): ${message}`);
    checkStream(run, fail);
    checkEnd(run, stores, world, fail);
    checkOrder(run, new Set(stores.state.childrenOf(run.spec.id).keys()), fail);
    checkEffects(run, world, fail);
    checkContents(run, fail);
  }
  checkDelivered(stores, world, delivered);
}

type Fail = (message: string) => void;

function checkStream(run: MemoryRun, fail: Fail): void {
  run.rows.forEach((row, index) => row.seq === index + 1 || fail(`seq ${row.seq} stands at place ${index + 1}`));
  if (run.rows.length > 0 && run.rows[0]?.name !== 'execution.started') fail(`begins with ${run.rows[0]?.name}`);
  if (run.rows.filter(({ name }) => name === 'execution.started').length > 1) fail('started twice');
  const keys = run.rows.flatMap((row) => {
    const record = parseRecord(row);
    return record && (settlementOf(record, row) || 'emit' in record || 'wait' in record || 'child' in record)
      ? [`${settlementOf(record, row) ? 'settled' : Object.keys(record)[1]} ${record.k}`]
      : [];
  });
  for (const key of new Set(keys)) {
    if (keys.filter((other) => other === key).length > 1) fail(`recorded twice: ${key}`);
  }
}

function checkEnd(run: MemoryRun, stores: InMemoryStores, world: World, fail: Fail): void {
  if (!isEnded(run.status)) return fail('is stuck');
  const ends = run.rows.filter(({ name }) => TERMINAL.has(name));
  const last = run.rows.at(-1)?.name;
  if (ends.length !== 1 || last !== `execution.${run.status}`)
    fail(`ends with ${ends.map((row) => row.name).join()}, last ${last}`);
  if (world.cancelledAt.has(run.spec.id) && run.status !== 'cancelled') fail('was cancelled, and ended otherwise');
  if (run.cancelRequested !== (run.status === 'cancelled')) fail('its cancel and its end disagree');
  const parent = run.spec.parent && stores.state.runs.get(run.spec.parent.runId);
  if (run.status !== 'cancelled' && parent && endOf(run) > endOf(parent)) fail(`outlived its parent ${parent.spec.id}`);
}

function endOf({ rows }: MemoryRun): number {
  return rows.at(-1)?.at.getTime() ?? 0;
}

function checkEffects(run: MemoryRun, world: World, fail: Fail): void {
  const effects = [...world.effects].filter(([id]) => id.startsWith(`${run.spec.id}:`));
  for (const [id, count] of effects) if (count !== 1) fail(`effect ${id} happened ${count} times`);
  const recorded = settledKeys(run).filter(([, value]) => typeof value === 'string' && value.startsWith('effect '));
  if (recorded.length !== effects.length) fail(`${effects.length} effects, ${recorded.length} recorded`);
}

function checkContents(run: MemoryRun, fail: Fail): void {
  const { ops } = JSON.parse(run.spec.input) as SimProgram;
  const throws = does(ops, ({ op }) => op === 'throw');
  const isRefused = run.error?.includes('BATCH_REFUSED') && does(ops, (op) => op.op === 'poison' && op.overlapsCommit);
  if (run.status === 'completed') {
    if (throws) fail('completed, though its program throws');
    checkTrace(run, ops, JSON.parse(run.output ?? 'null') as Trace, fail);
  }
  if (run.status === 'failed' && !isRefused && !(throws && run.error?.includes('SIM_THROWN')))
    fail(`failed with ${run.error}`);
}

function checkTrace(run: MemoryRun, ops: readonly Op[], trace: Trace, fail: Fail): void {
  const journal = settledKeys(run).map(([key]) => key);
  const seen = trace.map(([key]) => key);
  const visible = new Set(seen);
  if (journal.filter((key) => visible.has(key)).join() !== seen.join())
    fail('the program saw another order than the journal');
  const checker = new TraceChecker(run, trace, fail);
  checker.sequence(ops, 0);
  checker.finish();
}

/** Walks the program beside the trace: every key there, in an order the program allows, with a value it allows. */
class TraceChecker {
  private readonly values: Map<string, unknown>;
  private readonly seqOf: Map<string, number>;
  private expected = 0;

  constructor(
    private readonly run: MemoryRun,
    trace: Trace,
    private readonly fail: Fail,
  ) {
    this.values = new Map(trace);
    this.seqOf = new Map(settledKeys(run).map(([key, , seq]) => [key, seq]));
  }

  /** @returns the seq of the last thing in the sequence */
  sequence(ops: readonly Op[], after: number): number {
    let seq = after;
    for (const op of ops) seq = this.one(op, seq);
    return seq;
  }

  finish(): void {
    if (this.expected !== this.values.size) this.fail(`${this.values.size} results, ${this.expected} expected`);
  }

  private one(op: Op, after: number): number {
    if (op.op === 'throw') return after;
    if (op.op === 'emit') return this.emitted(op.key, after);
    if (op.op === 'par') {
      const last = Math.max(...op.branches.map((branch) => this.sequence(branch, after)));
      const [key = ''] = [...this.values.keys()].filter((name) => name.startsWith(`${op.key}:after:`));
      return this.settled(key, last, () => true);
    }
    return this.settled(op.key, after, (value) => isAllowed(op, value));
  }

  private settled(key: string, after: number, allows: (value: unknown) => boolean): number {
    this.expected += 1;
    const seq = this.seqOf.get(key);
    if (seq === undefined) return this.miss(key, after);
    if (seq <= after) this.fail(`${key} at ${seq} comes before what it follows, at ${after}`);
    if (!allows(this.values.get(key)))
      this.fail(`${key} has the value ${JSON.stringify(this.values.get(key))?.slice(0, 200)}`);
    return seq;
  }

  private emitted(key: string, after: number): number {
    const row = this.run.rows.find(({ record }) => record === JSON.stringify({ k: key, emit: true }));
    if (row === undefined) return this.miss(key, after);
    if (row.seq <= after) this.fail(`event ${key} at ${row.seq} comes before what it follows, at ${after}`);
    return row.seq;
  }

  private miss(key: string, after: number): number {
    this.fail(`${key} is missing`);
    return after;
  }
}

function isAllowed(op: Op, value: unknown): boolean {
  const failed = (value as { failed?: string } | null)?.failed;
  switch (op.op) {
    case 'step': {
      if (failed === 'STEP_INTERRUPTED') return op.guard !== 'retry';
      if (failed === 'SIM_FAILED') return op.failures >= MAX_ATTEMPTS;
      const { done, filler } = value as { done?: string; filler?: string };
      // A failure that a crash swallowed counts for nobody: a step that was to fail for good may get through.
      return done === op.key && filler?.length === op.size;
    }
    case 'effect':
      return value === `effect ${op.key}`;
    case 'poison':
      return failed === 'VALUE_NOT_STORABLE';
    case 'wait':
      return failed === 'WAIT_TIMED_OUT'
        ? op.timeoutMs !== null
        : (value as { signalled?: string }).signalled === op.key;
    case 'child':
      return failed === undefined
        ? Array.isArray(value)
        : ['CHILD_CANCELLED', 'SIM_THROWN', 'BATCH_REFUSED'].includes(failed);
    case 'sleep':
      return value === null;
    case 'now':
    case 'uuid':
      return typeof value === 'string';
    case 'emit':
    case 'par':
    case 'throw':
      return false;
  }
}

/** What was delivered to sockets is what the journal holds, in order, nothing twice. */
function checkDelivered(stores: InMemoryStores, world: World, delivered: ReadonlyMap<string, JournalRow[]>): void {
  for (const [key, rows] of delivered) {
    const runId = key.split(' ')[1] ?? '';
    const stored = stores.state.runs.get(runId)?.rows ?? [];
    let last = 0;
    for (const row of rows) {
      if (row.seq <= last) world.violate(`${key}: delivered ${row.seq} after ${last}`);
      last = row.seq;
      if (stored[row.seq - 1]?.payload !== row.payload)
        world.violate(`${key}: delivered another ${row.seq} than stored`);
    }
  }
}

function settledKeys(run: MemoryRun): Array<readonly [key: string, value: unknown, seq: number]> {
  return run.rows.flatMap((row) => {
    const record = parseRecord(row);
    const settlement = record && settlementOf(record, row);
    if (!settlement) return [];
    return [[settlement.key, settlement.kind === 'value' ? settlement.value : undefined, row.seq] as const];
  });
}
