import type { AppendOutcome, EffectWork, Lease, NewRow, RunAppend, Transition } from './ports/journal.js';
import type { NewRun } from './ports/run-queue.js';

/** What became of an entry: committed with its rows numbered from `firstSeq`, or not at all. */
export type EntryOutcome =
  | { readonly kind: 'committed'; readonly at: Date; readonly firstSeq: number }
  | Exclude<AppendOutcome, { kind: 'committed' }>
  /** These rows cannot be stored, whatever they are batched with. */
  | { readonly kind: 'refused'; readonly error: unknown };

interface EntryBase {
  settle(outcome: EntryOutcome): void;
}

export interface RowsEntry extends EntryBase {
  readonly kind: 'rows';
  readonly rows: readonly NewRow[];
  readonly children: readonly NewRun[];
  readonly transition?: Transition;
}

/** Work inside a database transaction of its own, whose rows are known only afterwards. */
export interface EffectEntry extends EntryBase {
  readonly kind: 'effect';
  readonly work: EffectWork;
  /** The rows as `work` last answered them. */
  readonly rows: () => readonly NewRow[];
}

export type Entry = RowsEntry | EffectEntry;

/** A piece of a writer's queue on its way into the journal. */
export interface Parcel {
  readonly append: RunAppend;
  readonly entries: readonly RowsEntry[];
  /** Of its texts, in characters. */
  readonly size: number;
}

/** Of one append: inserting a run takes longer than a row, and other runs wait meanwhile. */
const MAX_CHILDREN = 256;
/** Likewise of its texts; a single entry may be larger. In characters. */
const MAX_PARCEL_SIZE = 4 * 1024 * 1024;

/**
 * The single writer of one run's stream: numbers its rows, and keeps what waits to be committed in order.
 * Rows get their seq when they leave, so a refused entry leaves no gap.
 */
export class RunWriter {
  private readonly queue: Entry[] = [];
  private inFlight = 0;
  private isAnnounced = false;
  private closed: EntryOutcome | undefined;

  constructor(
    readonly lease: Lease,
    private nextSeq: number,
    private readonly wake: (writer: RunWriter) => void,
  ) {}

  /** Nothing waits and nothing is under way. */
  get isIdle(): boolean {
    return this.queue.length === 0 && this.inFlight === 0;
  }

  /** The run is no longer ours: what is still heard of it is told by those who read its journal. */
  get isClosed(): boolean {
    return this.closed !== undefined;
  }

  push(entry: Entry): void {
    if (this.closed) {
      entry.settle(this.closed);
      return;
    }
    this.queue.push(entry);
    this.announce();
  }

  /** The entry at the head, when it is an effect. */
  takeEffect(): { readonly entry: EffectEntry; readonly firstSeq: number } | undefined {
    this.isAnnounced = false;
    const head = this.queue[0];
    if (this.inFlight > 0 || head?.kind !== 'effect') return undefined;
    this.queue.shift();
    this.inFlight = 1;
    return { entry: head, firstSeq: this.nextSeq };
  }

  /** All entries up to the next effect, as one append; at most `max`. A transition travels alone behind what it follows. */
  takeParcel(max = Number.POSITIVE_INFINITY): Parcel | undefined {
    this.isAnnounced = false;
    if (this.inFlight > 0) return undefined;
    const entries: RowsEntry[] = [];
    let size = 0;
    let children = 0;
    for (const entry of this.queue) {
      const [first] = entries;
      if (entry.kind === 'effect' || entries.length >= max || (first && !travelTogether(first, entry))) break;
      const entrySize = sizeOf(entry);
      if (first && size + entrySize > MAX_PARCEL_SIZE) break;
      children += entry.children.length;
      if (children > MAX_CHILDREN) break;
      size += entrySize;
      entries.push(entry);
    }
    if (entries.length === 0) return undefined;
    this.queue.splice(0, entries.length);
    this.inFlight = entries.length;
    return { entries, append: this.toAppend(entries), size };
  }

  /** Puts a parcel back at the head, to leave again in smaller ones. */
  putBack({ entries }: Pick<Parcel, 'entries'>): void {
    this.inFlight = 0;
    this.queue.unshift(...entries);
    if (this.closed) this.drop(this.closed);
  }

  /** The tree is being cancelled: its children do not begin, and what was to travel with them leaves again without. */
  refuseChildren({ entries }: Parcel, outcome: EntryOutcome): void {
    this.putBack({ entries: entries.filter(({ children }) => children.length === 0) });
    for (const entry of entries) if (entry.children.length > 0) entry.settle(outcome);
    this.announce();
  }

  done(entries: readonly Entry[], outcome: EntryOutcome, rowsWritten: number): void {
    const firstSeq = this.nextSeq;
    this.inFlight = 0;
    if (outcome.kind === 'committed') this.nextSeq += rowsWritten;
    let seq = firstSeq;
    for (const entry of entries) {
      entry.settle(outcome.kind === 'committed' ? { ...outcome, firstSeq: seq } : outcome);
      seq += rowsOf(entry).length;
    }
    this.announce();
  }

  /** Answers everything that waits with `outcome`: it is not to be written any more. */
  drop(outcome: EntryOutcome): void {
    for (const entry of this.queue.splice(0)) entry.settle(outcome);
  }

  /** The same for everything that comes: the run is no longer ours to write. */
  close(outcome: EntryOutcome): void {
    this.closed = outcome;
    this.drop(outcome);
  }

  private announce(): void {
    if (this.isAnnounced || this.inFlight > 0 || this.queue.length === 0) return;
    this.isAnnounced = true;
    this.wake(this);
  }

  private toAppend(entries: readonly RowsEntry[]): RunAppend {
    const only = entries.length === 1 ? entries[0] : undefined;
    return {
      lease: this.lease,
      firstSeq: this.nextSeq,
      rows: only ? only.rows : entries.flatMap((entry) => entry.rows),
      children: only ? only.children : entries.flatMap((entry) => entry.children),
      ...(only?.transition === undefined ? {} : { transition: only.transition }),
    };
  }
}

function travelTogether(first: RowsEntry, next: RowsEntry): boolean {
  return first.transition === undefined && next.transition === undefined;
}

function sizeOf({ rows, children }: RowsEntry): number {
  let size = 0;
  for (const { payload, record } of rows) size += payload.length + (record?.length ?? 0);
  for (const { input } of children) size += input.length;
  return size;
}

export function rowsOf(entry: Entry): readonly NewRow[] {
  return entry.kind === 'rows' ? entry.rows : entry.rows();
}
