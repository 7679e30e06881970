import type { JournalRow } from '../../src/engine/ports/journal.js';
import { parseRecord, settlementOf } from '../../src/engine/record.js';
import type { MemoryRun } from '../../src/engine/testing/in-memory-state.js';
import type { Op, SimProgram } from './sim-program.js';

/** What must be over before a key may begin: all that stands before it, in its branch and around that. */
export function predecessorsOf(run: MemoryRun): ReadonlyMap<string, readonly Op[]> {
  const found = new Map<string, readonly Op[]>();
  collect((JSON.parse(run.spec.input) as SimProgram).ops, [], found);
  return found;
}

function collect(ops: readonly Op[], before: readonly Op[], found: Map<string, readonly Op[]>): Op[] {
  const over = [...before];
  for (const op of ops) {
    if (op.op === 'par') over.push(...op.branches.flatMap((branch) => collect(branch, over, found).slice(over.length)));
    else {
      found.set(op.key, [...over]);
      over.push(op);
    }
  }
  return over;
}

/** Seqs by key: of the first thing that tells of it, and of its end. */
function seqsOf(run: MemoryRun): { readonly first: Map<string, number>; readonly over: Map<string, number> } {
  const first = new Map<string, number>();
  const over = new Map<string, number>();
  for (const row of run.rows) {
    const record = parseRecord(row);
    if (!record) continue;
    if (!first.has(record.k)) first.set(record.k, row.seq);
    if (isEndOf(row, record.k)) over.set(record.k, row.seq);
  }
  return { first, over };
}

/** Whether a row is what the program awaited of a key: its result, or the event that it emitted. */
export function isEndOf(row: JournalRow, key: string): boolean {
  const record = parseRecord(row);
  return record?.k === key && (settlementOf(record, row) !== undefined || 'emit' in record);
}

/** Nothing is kept of what a program did with a result that is not in the journal, whatever became of the run. */
export function checkOrder(run: MemoryRun, children: ReadonlySet<string>, fail: (message: string) => void): void {
  const { first, over } = seqsOf(run);
  for (const [key, before] of predecessorsOf(run)) {
    const seq = first.get(key) ?? (children.has(key) ? Number.POSITIVE_INFINITY : 0);
    const missing = before.find((other) => seq > 0 && !((over.get(other.key) ?? Number.POSITIVE_INFINITY) < seq));
    if (missing !== undefined) fail(`${key} began without the end of ${missing.key}`);
  }
}
