import type { Clock } from './ports/clock.js';
import type { Lease } from './ports/journal.js';
import type { Chunk } from './ports/listener.js';
import type { Replay } from './replay.js';
import type { RowFactory } from './row-factory.js';
import type { RunAppender } from './run-appender.js';
import type { RunMailbox } from './run-mailbox.js';
import type { Mask } from './serializer.js';
import type { Slots } from './slots.js';

/** What the parts of a run in memory share: who may start, where results go. */
export interface RunSession {
  readonly lease: Lease;
  readonly clock: Clock;
  readonly slots: Slots;
  readonly replay: Replay;
  readonly rows: RowFactory;
  readonly mailbox: RunMailbox;
  readonly appender: RunAppender;
  /** The run left this process: nothing of it is heard any more. */
  readonly isGone: boolean;
  readonly mask: Mask;
  /** @param isHeard asked when its turn has come: whether the attempt is still under way */
  readonly sendChunk: (chunk: Chunk, isHeard: () => boolean) => void;

  /** Its work was aborted, or is about to be: the run is cancelled or over. */
  readonly isStopped: boolean;

  /** False while pausing, draining, cancelling or ending. */
  mayStart(): boolean;
  /** False when another process may have taken the run, or a cancel be unknown here: nothing may begin then. */
  isCurrent(): boolean;
  /** Work that could not begin now: it is held until the run goes on, here or elsewhere. */
  hold(key: string): void;
  /** Pauses the tree of the run, by an intent of its own, until somebody resumes it. */
  pauseTree(): void;
  /** Does what calls code of the program outside the program itself: when that throws, the run fails, and nobody else. */
  guard(work: () => void): void;
}
