import { UnstorableValueError } from './errors.js';
import type { NewRow } from './ports/journal.js';
import type { StepInfo, TransactOptions } from './program.js';
import { toAttemptFailure } from './retry.js';
import { stepCompleted, stepFailed, type SettlementRow } from './row-factory.js';
import { PLAINLY } from './run-appender.js';
import type { RunSession } from './run-session.js';

interface Transaction {
  readonly key: string;
  readonly work: (tx: unknown) => Promise<unknown>;
  readonly options: TransactOptions<unknown>;
  readonly startedAtMs: number;
  rows: readonly NewRow[];
  settled: SettlementRow | undefined;
}

/** Steps whose work is a database transaction: work, result and events commit together or not at all. */
export class TransactionRunner {
  executing = 0;

  constructor(private readonly session: RunSession) {}

  start(key: string, work: Transaction['work'], options: TransactOptions<unknown>): void {
    const { session } = this;
    session.slots.acquire(() => {
      if (session.mayStart()) {
        this.run({ key, work, options, startedAtMs: session.clock.monotonicMs(), rows: [], settled: undefined });
      } else {
        session.slots.release();
        session.hold(key);
      }
    });
  }

  private run(transaction: Transaction): void {
    this.executing += 1;
    this.session.appender.pushEffect({
      rows: () => transaction.rows,
      work: (tx) => this.work(transaction, tx),
      committed: () => transaction.settled && this.session.mailbox.deliver(transaction.settled.settlement),
      refused: (error) => this.fail(transaction, error),
      over: () => {
        this.executing -= 1;
        this.session.slots.release();
      },
    });
  }

  /** May be called again when a commit was lost: each call starts from nothing. */
  private async work(transaction: Transaction, tx: unknown): Promise<readonly NewRow[]> {
    const { rows } = this.session;
    const { options } = transaction;
    const result = await transaction.work(tx);
    const events = options.events?.(result) ?? [];
    const info = this.info(transaction);
    transaction.settled = rows.result(
      transaction.key,
      result,
      options.completed?.(result, info) ?? stepCompleted(info),
    );
    if (transaction.settled === undefined) throw new UnstorableValueError('The result of a transaction is too large');
    transaction.rows = [...events.map((event) => rows.event(event)), transaction.settled.row];
    return transaction.rows;
  }

  private fail(transaction: Transaction, error: unknown): void {
    const { info } = toAttemptFailure(error);
    const event = stepFailed(info, this.info(transaction));
    this.session.appender.settle(transaction.key, PLAINLY, this.session.rows.failure(transaction.key, info, event));
  }

  private info({ key, startedAtMs }: Transaction): StepInfo {
    return { key, attempt: 1, durationMs: this.session.clock.monotonicMs() - startedAtMs };
  }
}
