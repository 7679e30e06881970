import type { Clock } from './ports/clock.js';
import type { EffectWork, Lease, NewRow } from './ports/journal.js';
import type { Chunk } from './ports/listener.js';
import type { NewRun } from './ports/run-queue.js';
import type { RunEvent } from './program.js';
import type { Replay } from './replay.js';
import type { RowFactory, SettlementRow } from './row-factory.js';
import type { RunMailbox } from './run-mailbox.js';
import type { Slots } from './slots.js';

/** What the parts of a run in memory share: who may start, where results go. */
export interface RunSession {
  readonly lease: Lease;
  readonly clock: Clock;
  readonly slots: Slots;
  readonly replay: Replay;
  readonly rows: RowFactory;
  readonly mailbox: RunMailbox;
  /** The run left this process: nothing of it is heard any more. */
  readonly isGone: boolean;
  readonly sendChunk: (chunk: Chunk) => void;

  /** False while pausing, draining, cancelling or ending. */
  mayStart(): boolean;
  /** False when another process may have taken the run, or a cancel be unknown here: nothing may begin then. */
  isCurrent(): boolean;
  /** Work that could not begin now: it is held until the run goes on, here or elsewhere. */
  hold(key: string): void;
  /** Appends rows; `then(false)` when the run was lost or is over. */
  push(rows: readonly NewRow[], then?: (committed: boolean) => void): void;
  pushEffect(effect: {
    readonly work: EffectWork;
    readonly rows: () => readonly NewRow[];
    readonly committed: () => void;
    readonly refused: (error: unknown) => void;
    readonly over: () => void;
  }): void;
  pushChild(child: NewRun, rows: readonly NewRow[]): void;
  /** Appends a settlement, after the events that go with it, and hands it to the program once it is committed. */
  settle(key: string, events: readonly NewRow[], settled: SettlementRow): void;
  /**
   * The same for a value, which goes to a blob when it is large.
   * @throws {UnstorableValueError}
   */
  settleValue(key: string, events: readonly NewRow[], value: unknown, event: RunEvent): void;
}
