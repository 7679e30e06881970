import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { DedicatedConnection } from '../../database/dedicated-connection.js';
import type {
  AppendOutcome,
  EffectWork,
  Journal,
  JournalSnapshot,
  Lease,
  NewRow,
  RunAppend,
} from '../../engine/index.js';
import { isConditional, rowParameters, runParameters } from './append-parameters.js';
import { isUniqueViolation, toAppendError, toEffectError } from './pg-failures.js';
import { APPEND_ROWS, APPEND_RUNS, FIND_LEASE, FIND_ROWS, LOAD_ROWS } from './sql/append.sql.js';

type StoredRow = [seq: number, name: string, payload: string, record: string | null, at: Date];
/** Without a seq when there are no rows. */
type LoadedRow =
  [...StoredRow, isHeld: boolean] | [seq: null, name: never, payload: never, record: null, at: never, isHeld: boolean];
type LeaseRow = [epoch: number, workerId: number | null, isLost: boolean, now: Date, hasChildren: boolean];

const LOST: AppendOutcome = { kind: 'lease_lost' };
const REFUSALS: Readonly<Record<string, AppendOutcome>> = {
  l: LOST,
  x: { kind: 'cancel_requested' },
  i: { kind: 'intents_changed' },
};

export interface PgJournalOptions {
  /** Of the flush lane, and of nothing else. */
  readonly lane: DedicatedConnection;
  readonly reads: DedicatedConnection;
  /** For effects: their transactions are the pool's. */
  readonly dataSource: DataSource;
}

/** The journal in PostgreSQL. A batch is one statement, whatever is in it. */
export class PgJournal implements Journal {
  constructor(private readonly options: PgJournalOptions) {}

  async append(batch: readonly RunAppend[]): Promise<readonly AppendOutcome[]> {
    try {
      return batch.some(isConditional) ? await this.appendRuns(batch) : await this.appendRows(batch);
    } catch (error) {
      if (batch.length === 1 && isUniqueViolation(error)) return [LOST];
      throw toAppendError(error);
    }
  }

  async outcomeOf(append: RunAppend): Promise<AppendOutcome | { readonly kind: 'not_committed' }> {
    const { lease, firstSeq, rows } = append;
    if (rows.length === 0) return this.outcomeOfRowless(append);
    const found = await this.options.reads.query<StoredRow>(FIND_ROWS, [
      lease.streamId,
      firstSeq,
      firstSeq + rows.length,
    ]);
    const [first] = found;
    if (!first) return { kind: 'not_committed' };
    return rows.every((row, index) => isSame(row, found[index])) ? { kind: 'committed', at: first[4] } : LOST;
  }

  async transact(lease: Lease, firstSeq: number, work: EffectWork): Promise<AppendOutcome> {
    const runner = this.options.dataSource.createQueryRunner();
    try {
      await runner.startTransaction();
      const rows = await work(runner.manager);
      const outcome = await insertRows(runner.manager, { lease, firstSeq, rows, children: [] });
      await runner.commitTransaction();
      return outcome;
    } catch (error) {
      await rollBack(runner);
      if (error instanceof SeqTakenError) return LOST;
      throw toEffectError(error);
    } finally {
      await runner.release();
    }
  }

  async load({ runId, epoch, workerId }: Lease, afterSeq: number): Promise<JournalSnapshot> {
    const found = await this.options.reads.query<LoadedRow>(LOAD_ROWS, [runId, afterSeq, epoch, workerId]);
    const rows = found.flatMap(([seq, name, payload, record, at]) =>
      seq === null ? [] : [{ seq, name, payload, record, at }],
    );
    return { rows, isHeld: found[0]?.[5] ?? false };
  }

  private async appendRows(batch: readonly RunAppend[]): Promise<readonly AppendOutcome[]> {
    const [[at] = [0]] = await this.options.lane.query<[at: number]>(APPEND_ROWS, rowParameters(batch));
    const committed: AppendOutcome = { kind: 'committed', at: new Date(at) };
    return batch.map(() => committed);
  }

  private async appendRuns(batch: readonly RunAppend[]): Promise<readonly AppendOutcome[]> {
    const [[codes, at] = ['', 0]] = await this.options.lane.query<[string, number]>(APPEND_RUNS, runParameters(batch));
    const committed: AppendOutcome = { kind: 'committed', at: new Date(at) };
    let next = 0;
    return batch.map((append) => (isConditional(append) ? (REFUSALS[codes.charAt(next++)] ?? committed) : committed));
  }

  /** Let go by us: our epoch, no holder, and nobody took it away. */
  private async outcomeOfRowless(append: RunAppend): Promise<AppendOutcome | { readonly kind: 'not_committed' }> {
    const { lease, transition, children } = append;
    const values = [lease.runId, children.map(({ parent }) => parent?.key)];
    const [found] = await this.options.reads.query<LeaseRow>(FIND_LEASE, values);
    if (!found) return LOST;
    const [epoch, workerId, isLost, now, hasChildren] = found;
    if (epoch !== lease.epoch || isLost) return LOST;
    const isDone = transition ? workerId === null : hasChildren;
    return isDone ? { kind: 'committed', at: now } : { kind: 'not_committed' };
  }
}

class SeqTakenError extends Error {}

/** In any case: a connection must not go back to the pool in the middle of a transaction. */
async function rollBack(runner: QueryRunner): Promise<void> {
  try {
    if (runner.isTransactionActive) await runner.rollbackTransaction();
  } catch {
    // The connection is broken, which ends its transaction; the pool drops it.
  }
}

async function insertRows(manager: EntityManager, append: RunAppend): Promise<AppendOutcome> {
  try {
    const [answer] = await manager.query<[{ at: number }?]>(APPEND_ROWS.text, rowParameters([append]));
    return { kind: 'committed', at: new Date(answer?.at ?? 0) };
  } catch (error) {
    if (isUniqueViolation(error)) throw new SeqTakenError('seq taken', { cause: error });
    throw error;
  }
}

function isSame(row: NewRow, stored: StoredRow | undefined): boolean {
  return stored?.[1] === row.name && stored[2] === row.payload && stored[3] === row.record;
}
