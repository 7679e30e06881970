import type { AppendOutcome, EffectWork, Journal, JournalSnapshot, Lease, RunAppend } from '../../engine/index.js';
import type { ExecutionMetrics } from './execution-metrics.js';

/** A journal whose commits are timed. */
export class TimedJournal implements Journal {
  constructor(
    private readonly journal: Journal,
    private readonly metrics: ExecutionMetrics,
  ) {}

  append(batch: readonly RunAppend[]): Promise<readonly AppendOutcome[]> {
    return this.metrics.timeCommit('append', () => this.journal.append(batch));
  }

  transact(lease: Lease, firstSeq: number, work: EffectWork): Promise<AppendOutcome> {
    return this.metrics.timeCommit('transact', () => this.journal.transact(lease, firstSeq, work));
  }

  outcomeOf(append: RunAppend): ReturnType<Journal['outcomeOf']> {
    return this.journal.outcomeOf(append);
  }

  load(lease: Lease, afterSeq: number): Promise<JournalSnapshot> {
    return this.journal.load(lease, afterSeq);
  }
}
