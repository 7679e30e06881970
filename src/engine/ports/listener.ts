import type { JournalRow, Lease } from './journal.js';
import type { EndedStatus, RunStatus } from './run-queue.js';

/** A piece of text of a step in progress. `offset` counts UTF-16 code units from the start of this attempt. */
export interface Chunk {
  readonly lease: Lease;
  readonly step: string;
  readonly attempt: number;
  readonly offset: number;
  readonly text: string;
}

/**
 * What the engine tells its surroundings, after the fact. Called synchronously; must not throw and must not block.
 */
export interface EngineListener {
  /** Rows of one run that are committed, in order. */
  committed(lease: Lease, rows: readonly JournalRow[]): void;
  chunk(chunk: Chunk): void;
  /** A step is over, one way or the other: its chunks are history. */
  stepEnded(lease: Lease, step: string): void;
  statusChanged(lease: Lease, kind: string, status: RunStatus | EndedStatus): void;
  /** A run became claimable, perhaps by another process. */
  workAvailable(): void;
  /** Something an operator should know; the engine goes on. */
  fault(message: string, error: unknown, context: Readonly<Record<string, unknown>>): void;
}
