import { BatchRefusedError, CommitUnknownError, JournalFaultError } from './errors.js';
import type { Clock } from './ports/clock.js';
import type { AppendOutcome, Journal, JournalRow, Lease, NewRow, RunAppend } from './ports/journal.js';
import { rowsOf, type EffectEntry, type Parcel, type RunWriter } from './run-writer.js';

export interface GroupCommitterOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Rows of one run that are committed, before anybody who waited for them goes on. */
  readonly onCommitted: (lease: Lease, rows: readonly JournalRow[]) => void;
  readonly onFault: (message: string, error: unknown) => void;
}

const MAX_RUNS_PER_BATCH = 512;
/** Of all texts, in characters: a batch is one statement, and stands in memory as a whole. The last parcel may go beyond. */
const MAX_BATCH_SIZE = 16 * 1024 * 1024;
/** How often a batch is sent that the journal fails at for reasons of its own. */
const MAX_ATTEMPTS = 10;
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

/**
 * The flush lane of run streams: everything that gathered while the previous commit was under way goes out as one
 * append. There is no timer: an idle lane commits at once, a busy one in larger and larger batches.
 *
 * @see docs/architecture.md for the measurements (a 5 ms timer cost four fifths of the throughput)
 */
export class GroupCommitter {
  private dirty: RunWriter[] = [];
  private isFlushing = false;
  private isStopped = false;

  constructor(private readonly options: GroupCommitterOptions) {}

  /** Called by a writer that has something to commit and nothing under way. */
  readonly wake = (writer: RunWriter): void => {
    this.dirty.push(writer);
    if (this.isFlushing) return;
    this.isFlushing = true;
    this.options.clock.defer(() => void this.flushAll());
  };

  /** Stops retrying what the journal does not answer. What is under way stays unknown, as in a crash. */
  stop(): void {
    this.isStopped = true;
  }

  private async flushAll(): Promise<void> {
    while (this.dirty.length > 0 && !this.isStopped) {
      const writers = this.dirty.splice(0, MAX_RUNS_PER_BATCH);
      await this.flush(writers);
      // One turn of the event loop: what runs do next, now that their results are committed, joins the next batch.
      await new Promise<void>((resolve) => this.options.clock.defer(resolve));
    }
    this.isFlushing = false;
  }

  private async flush(writers: readonly RunWriter[]): Promise<void> {
    const parcels: Sendable[] = [];
    let size = 0;
    for (const [index, writer] of writers.entries()) {
      if (size >= MAX_BATCH_SIZE) {
        this.dirty.unshift(...writers.slice(index));
        break;
      }
      const effect = writer.takeEffect();
      const parcel = effect ? undefined : writer.takeParcel();
      if (effect) void this.transact(writer, effect);
      if (parcel) parcels.push({ writer, parcel });
      size += parcel?.size ?? 0;
    }
    if (parcels.length > 0) await this.commit(parcels);
  }

  private async commit(sendables: readonly Sendable[]): Promise<void> {
    const outcomes = await this.append(sendables.map(({ parcel }) => parcel.append));
    for (const [index, { writer, parcel }] of sendables.entries()) {
      const outcome = outcomes[index] ?? LOST;
      const { children } = parcel.append;
      if (outcome.kind === 'refused' && parcel.entries.length > 1) await this.commitOneByOne(writer, parcel);
      else if (outcome.kind === 'cancel_requested' && children.length > 0) writer.refuseChildren(parcel, outcome);
      else this.finish(writer, parcel, outcome);
    }
  }

  /** One producer's rows were refused: its good entries still go in, and only the bad one hears of it. */
  private async commitOneByOne(writer: RunWriter, parcel: Parcel): Promise<void> {
    writer.putBack(parcel);
    for (let left = parcel.entries.length; left > 0; left -= 1) {
      const single = writer.takeParcel(1);
      if (single) await this.commit([{ writer, parcel: single }]);
    }
  }

  private finish(writer: RunWriter, parcel: Parcel, outcome: Outcome): void {
    const { firstSeq, rows } = parcel.append;
    if (outcome.kind === 'committed') this.options.onCommitted(writer.lease, numbered(rows, firstSeq, outcome.at));
    writer.done(parcel.entries, outcome.kind === 'committed' ? { ...outcome, firstSeq } : outcome, rows.length);
  }

  private async transact(writer: RunWriter, { entry, firstSeq }: TakenEffect): Promise<void> {
    const outcome = await this.runEffect(writer.lease, entry, firstSeq);
    const rows = rowsOf(entry);
    // Beside the lane, it may be known so late that the next holder, here too, has told of what came after it.
    if (outcome.kind === 'committed' && !writer.isClosed)
      this.options.onCommitted(writer.lease, numbered(rows, firstSeq, outcome.at));
    writer.done([entry], outcome.kind === 'committed' ? { ...outcome, firstSeq } : outcome, rows.length);
  }

  private async runEffect(lease: Lease, entry: EffectEntry, firstSeq: number): Promise<Outcome> {
    for (;;) {
      try {
        return await this.options.journal.transact(lease, firstSeq, entry.work);
      } catch (error) {
        if (!(error instanceof CommitUnknownError)) return { kind: 'refused', error };
        const outcome = await this.resolveEffect({ lease, firstSeq, rows: rowsOf(entry), children: [] });
        if (outcome.kind !== 'not_committed') return outcome;
      }
    }
  }

  /** An effect whose work was never reached has no rows to look for: it cannot have been committed. */
  private async resolveEffect(append: RunAppend): ReturnType<Journal['outcomeOf']> {
    if (append.rows.length > 0) return this.resolve(append);
    await this.pauseFor(FIRST_RETRY_MS);
    return this.isStopped ? LOST : { kind: 'not_committed' };
  }

  /** One outcome per producer, whatever the journal does. */
  private async append(batch: readonly RunAppend[], attempt = 1): Promise<readonly Outcome[]> {
    try {
      return await this.options.journal.append(batch);
    } catch (error) {
      if (error instanceof CommitUnknownError) return this.settleUnknown(batch);
      if (error instanceof JournalFaultError) return this.settleFault(batch, error, attempt);
      if (!(error instanceof BatchRefusedError)) this.options.onFault('the journal failed in an unforeseen way', error);
      return this.settleRefused(batch, error);
    }
  }

  /** It may pass; or it is these rows that bring it about, and then it would never end. */
  private async settleFault(
    batch: readonly RunAppend[],
    error: JournalFaultError,
    attempt: number,
  ): Promise<readonly Outcome[]> {
    this.options.onFault('the journal failed; trying again', error);
    if (attempt >= MAX_ATTEMPTS) return this.settleRefused(batch, error, MAX_ATTEMPTS);
    await this.pauseFor(Math.min(FIRST_RETRY_MS * 2 ** (attempt - 1), LAST_RETRY_MS));
    return this.isStopped ? batch.map(() => LOST) : this.append(batch, attempt + 1);
  }

  /** Producer by producer, so that nobody suffers from another's rows. */
  private async settleRefused(batch: readonly RunAppend[], error: unknown, attempt = 1): Promise<readonly Outcome[]> {
    if (batch.length === 1) return [{ kind: 'refused', error }];
    const outcomes: Outcome[] = [];
    for (const append of batch) outcomes.push(...(await this.append([append], attempt)));
    return outcomes;
  }

  /** Nobody knows what became of the batch: read, and write again only what is not there. */
  private async settleUnknown(batch: readonly RunAppend[]): Promise<readonly Outcome[]> {
    const found = await Promise.all(batch.map((append) => this.resolve(append)));
    const missing = batch.filter((_, index) => found[index]?.kind === 'not_committed');
    const again = missing.length > 0 ? await this.append(missing) : [];
    let next = 0;
    return found.map((outcome) => (outcome.kind === 'not_committed' ? (again[next++] ?? LOST) : outcome));
  }

  private async resolve(append: RunAppend): ReturnType<Journal['outcomeOf']> {
    for (let delayMs = FIRST_RETRY_MS; ; delayMs = Math.min(delayMs * 2, LAST_RETRY_MS)) {
      await this.pauseFor(delayMs);
      if (this.isStopped) return LOST;
      try {
        return await this.options.journal.outcomeOf(append);
      } catch (error) {
        this.options.onFault('the journal does not answer; trying again', error);
      }
    }
  }

  private pauseFor(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.options.clock.setTimer(delayMs, resolve));
  }
}

const LOST: AppendOutcome = { kind: 'lease_lost' };

type Outcome = AppendOutcome | { readonly kind: 'refused'; readonly error: unknown };

interface Sendable {
  readonly writer: RunWriter;
  readonly parcel: Parcel;
}

interface TakenEffect {
  readonly entry: EffectEntry;
  readonly firstSeq: number;
}

function numbered(rows: readonly NewRow[], firstSeq: number, at: Date): JournalRow[] {
  return rows.map((row, index) => ({ ...row, seq: firstSeq + index, at }));
}
