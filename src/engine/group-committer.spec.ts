import { describe, expect, it, vi } from 'vitest';
import { SystemClock } from '../modules/execution/system-clock.js';
import { JournalFaultError } from './errors.js';
import { GroupCommitter } from './group-committer.js';
import type { Journal, Lease, RunAppend } from './ports/journal.js';
import { RunWriter, type EntryOutcome } from './run-writer.js';

const MIB = 1024 * 1024;
const AT = new Date(0);

/** As quick as the tests want it. */
class HastyClock extends SystemClock {
  override setTimer(delayMs: number, callback: () => void): () => void {
    return super.setTimer(delayMs / 100, callback);
  }
}

class Lane {
  readonly batches: (readonly RunAppend[])[] = [];
  private readonly committer: GroupCommitter;

  constructor(private readonly isFaulty: (batch: readonly RunAppend[]) => boolean = () => false) {
    // The lane of these tests appends, and nothing else.
    const journal = { append: (batch: readonly RunAppend[]) => this.append(batch) } as unknown as Journal;
    const options = { journal, clock: new HastyClock(), onCommitted: () => undefined, onFault: () => undefined };
    this.committer = new GroupCommitter(options);
  }

  /** By a run of its own. */
  push(payload: string): Promise<EntryOutcome> {
    const writer = new RunWriter({} as Lease, 1, this.committer.wake);
    const rows = [{ name: 'row', payload, record: null }];
    return new Promise((settle) => writer.push({ kind: 'rows', rows, children: [], settle }));
  }

  private append(batch: readonly RunAppend[]) {
    this.batches.push(batch);
    if (this.isFaulty(batch)) return Promise.reject(new JournalFaultError('XX000'));
    return Promise.resolve(batch.map(() => ({ kind: 'committed', at: AT }) as const));
  }
}

describe(GroupCommitter.name, () => {
  it('sends no more in one batch than fits, and leaves nobody out', async () => {
    const lane = new Lane();
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => lane.push('x'.repeat(3 * MIB))));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(12).fill('committed'));
    expect(lane.batches.map((batch) => batch.length)).toEqual([6, 6]);
  });

  it('goes on when a fault of the journal passes', async () => {
    let faults = 3;
    const lane = new Lane(() => faults-- > 0);
    expect(await Promise.all([lane.push('a'), lane.push('b')])).toMatchObject([
      { kind: 'committed' },
      { kind: 'committed' },
    ]);
  });

  it('refuses the rows at which the journal fails each time, and commits the others', async () => {
    const lane = new Lane((batch) => batch.some(({ rows }) => rows[0]?.payload === 'poison'));
    const outcomes = await Promise.all([lane.push('a'), lane.push('poison'), lane.push('b')]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['committed', 'refused', 'committed']);
    await vi.waitFor(() => expect(lane.batches).toHaveLength(13));
  });

  it('does not tell of an effect that it hears of when the run is another holder’s: readers have its rows by then', async () => {
    const told: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<{ kind: 'committed'; at: Date }>();
    // Effects, and nothing else.
    const journal = { transact: () => promise } as unknown as Journal;
    const onCommitted = () => void told.push('committed');
    const committer = new GroupCommitter({ journal, clock: new HastyClock(), onCommitted, onFault: () => undefined });
    const push = (writer: RunWriter) =>
      new Promise((settle) => writer.push({ kind: 'effect', work: async () => [], rows: () => [], settle }));
    const [lost, kept] = [1, 1].map((seq) => new RunWriter({} as Lease, seq, committer.wake));
    const settled = Promise.all([lost, kept].flatMap((writer) => (writer ? push(writer) : [])));
    await new Promise((turn) => setTimeout(turn, 5));
    lost?.close({ kind: 'lease_lost' });
    resolve({ kind: 'committed', at: AT });
    await settled;
    expect(told).toEqual(['committed']);
  });
});
