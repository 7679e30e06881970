import { BatchRefusedError } from '../errors.js';
import type {
  AppendOutcome,
  EffectWork,
  Journal,
  JournalRow,
  JournalSnapshot,
  Lease,
  NewRow,
  RunAppend,
  Transition,
} from '../ports/journal.js';
import type { MemoryRun, MemoryState } from './in-memory-state.js';

/** Collects what an effect does; it happens when the transaction commits. */
export class MemoryTransaction {
  private readonly effects: Array<() => void> = [];

  onCommit(effect: () => void): void {
    this.effects.push(effect);
  }

  commit(): void {
    for (const effect of this.effects) effect();
  }
}

export class InMemoryJournal implements Journal {
  constructor(private readonly state: MemoryState) {}

  async append(batch: readonly RunAppend[]): Promise<readonly AppendOutcome[]> {
    for (const append of batch) this.refuseUnstorable(append);
    if (batch.length > 1 && batch.some((append) => this.isTaken(append))) {
      throw new BatchRefusedError('A seq of the batch is taken');
    }
    return batch.map((append) => this.appendOne(append));
  }

  async outcomeOf(append: RunAppend): Promise<AppendOutcome | { readonly kind: 'not_committed' }> {
    const run = this.run(append.lease);
    if (append.rows.length > 0) return this.outcomeOfRows(run, append);
    if (append.transition === undefined) return this.outcomeOfChildren(append);
    if (this.state.isHeldBy(run, append.lease)) return { kind: 'not_committed' };
    return run.epoch === append.lease.epoch ? this.committed() : { kind: 'lease_lost' };
  }

  async transact(lease: Lease, firstSeq: number, work: EffectWork): Promise<AppendOutcome> {
    const tx = new MemoryTransaction();
    const rows = await work(tx);
    const append: RunAppend = { lease, firstSeq, rows, children: [] };
    this.refuseUnstorable(append);
    const run = this.run(lease);
    if (!this.state.isHeldBy(run, lease) || this.isTaken(append)) return { kind: 'lease_lost' };
    tx.commit();
    return this.write(run, firstSeq, rows);
  }

  async load(lease: Lease, afterSeq: number): Promise<JournalSnapshot> {
    const run = this.run(lease);
    return { rows: run.rows.slice(afterSeq), isHeld: this.state.isHeldBy(run, lease) };
  }

  private appendOne(append: RunAppend): AppendOutcome {
    const run = this.run(append.lease);
    const refusal = this.refusalOf(run, append);
    if (refusal) return refusal;
    for (const child of append.children) this.state.insert(child);
    if (append.transition) this.move(run, append.transition);
    return this.write(run, append.firstSeq, append.rows);
  }

  private refusalOf(run: MemoryRun, append: RunAppend): AppendOutcome | undefined {
    const { transition, children } = append;
    const isConditional = transition !== undefined || children.length > 0;
    if (this.isTaken(append) || (isConditional && !this.state.isHeldBy(run, append.lease)))
      return { kind: 'lease_lost' };
    if (!isConditional || transition?.to === 'cancelled') return undefined;
    if (transition?.to === 'waiting' || transition?.to === 'paused') {
      return run.intentSeq === transition.intentSeq ? undefined : { kind: 'intents_changed' };
    }
    return run.cancelRequested && transition?.to !== 'queued' ? { kind: 'cancel_requested' } : undefined;
  }

  private move(run: MemoryRun, transition: Transition): void {
    run.status = transition.to === 'queued' && run.cancelRequested ? 'cancelling' : transition.to;
    if (transition.to === 'waiting') run.settledSeq = transition.intentSeq;
    run.workerId = null;
    run.claimableAt = this.claimableAt(run, transition);
    if (transition.to === 'waiting' || transition.to === 'paused' || transition.to === 'queued') return;
    run.output = 'output' in transition ? transition.output : null;
    run.error = 'error' in transition ? transition.error : null;
    const parent = run.spec.parent && this.state.runs.get(run.spec.parent.runId);
    if (!parent) return;
    this.state.addIntent(parent);
    run.parentSeq = parent.intentSeq;
  }

  private claimableAt(run: MemoryRun, transition: Transition): number | null {
    if (transition.to === 'queued') return this.state.nowMs();
    if (transition.to !== 'waiting') return null;
    const instants = [transition.wakeAt?.getTime(), run.deadlineAt].filter((at) => at !== undefined && at !== null);
    return instants.length === 0 ? null : Math.min(...instants);
  }

  private write(run: MemoryRun, firstSeq: number, rows: readonly NewRow[]): AppendOutcome {
    const at = new Date(this.state.nowMs());
    rows.forEach((row, index) => run.rows.push({ ...row, seq: firstSeq + index, at }));
    return { kind: 'committed', at };
  }

  private outcomeOfRows(run: MemoryRun, append: RunAppend): AppendOutcome | { readonly kind: 'not_committed' } {
    const stored = run.rows.slice(append.firstSeq - 1, append.firstSeq - 1 + append.rows.length);
    if (stored.length === 0) return { kind: 'not_committed' };
    const isOurs = append.rows.every((row, index) => isSame(row, stored[index]));
    return isOurs && stored[0] ? { kind: 'committed', at: stored[0].at } : { kind: 'lease_lost' };
  }

  private outcomeOfChildren(append: RunAppend): AppendOutcome | { readonly kind: 'not_committed' } {
    const known = append.children.every(({ parent }) => parent && this.state.childrenOf(parent.runId).has(parent.key));
    return known ? this.committed() : { kind: 'not_committed' };
  }

  private committed(): AppendOutcome {
    return { kind: 'committed', at: new Date(this.state.nowMs()) };
  }

  private isTaken({ lease, firstSeq, rows }: RunAppend): boolean {
    return rows.length > 0 && this.run(lease).rows.length >= firstSeq;
  }

  private refuseUnstorable(append: RunAppend): void {
    for (const { payload, record } of append.rows) {
      try {
        JSON.parse(payload);
        if (record !== null) JSON.parse(record);
      } catch (cause) {
        throw new BatchRefusedError('A row is not JSON', { runId: append.lease.runId }, { cause });
      }
    }
  }

  private run({ runId }: Pick<Lease, 'runId'>): MemoryRun {
    const run = this.state.runs.get(runId);
    if (run === undefined) throw new Error(`no run ${runId}`);
    return run;
  }
}

function isSame(row: NewRow, stored: JournalRow | undefined): boolean {
  return row.name === stored?.name && row.payload === stored.payload && row.record === stored.record;
}
