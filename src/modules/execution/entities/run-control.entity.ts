import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RunStatus } from '../../../engine/index.js';

/** Where a run stands: its place in the queue, its lease, its intents. Narrow, because it changes often; plain SQL only. */
@Entity('run_control')
@Index('run_control_claimable', { synchronize: false })
@Index('run_control_asleep', { synchronize: false })
@Index('run_control_held', { synchronize: false })
@Index('run_control_blocked', { synchronize: false })
export class RunControl {
  @PrimaryColumn({ type: 'uuid' })
  runId: string;

  @Column({ type: 'bigint' })
  streamId: string;

  @Column({ type: 'uuid' })
  rootRunId: string;

  @Column({ type: 'uuid', nullable: true })
  parentRunId: string | null;

  @Column({ type: 'text' })
  kind: string;

  @Column({ type: 'integer' })
  version: number;

  @Column({ type: 'text', default: 'queued' })
  status: RunStatus;

  /** Raised at each claim. */
  @Column({ type: 'integer', default: 0 })
  epoch: number;

  /** The holder. */
  @Column({ type: 'bigint', nullable: true })
  workerId: string | null;

  /** Its last holder never let it go. */
  @Column({ type: 'boolean', default: false })
  isLost: boolean;

  /** Its place in line, smallest first; null while nobody may claim it. */
  @Column({ type: 'bigint', nullable: true })
  queueKey: string | null;

  /** Virtual time in milliseconds, less a minute for each step of priority: its place while it has not started. */
  @Column({ type: 'bigint' })
  sortKey: string;

  /** Of roots: the clock that their descendants advance, as root runs advance that of their owner. */
  @Column({ type: 'bigint', nullable: true })
  treeVirtualMs: string | null;

  /** When it becomes claimable by itself. */
  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  wakeAt: Date | null;

  @Column({ type: 'text', nullable: true })
  concurrencyKey: string | null;

  /** Waits for a slot of its concurrency key. */
  @Column({ type: 'boolean', default: false })
  isBlocked: boolean;

  @Column({ type: 'boolean', default: false })
  hasSlot: boolean;

  @Column({ type: 'integer', default: 0 })
  intentSeq: number;

  /** Children that had ended by this intent have their ends in the run's journal. */
  @Column({ type: 'integer', default: 0 })
  settledSeq: number;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  cancelRequestedAt: Date | null;

  @Column({ type: 'text', nullable: true })
  cancelReason: string | null;

  @Column({ type: 'boolean', default: false })
  pauseRequested: boolean;

  /** Of the run's time: all of it before the first claim, what was left during a pause. */
  @Column({ type: 'bigint', nullable: true })
  remainingMs: string | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  deadlineAt: Date | null;

  @Column({ type: 'timestamptz', precision: 3, nullable: true })
  startedAt: Date | null;
}
