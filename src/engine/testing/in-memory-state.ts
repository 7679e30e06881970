import type { JournalRow, Lease } from '../ports/journal.js';
import type { EndedStatus, NewRun, RunStatus } from '../ports/run-queue.js';

export interface MemoryRun {
  readonly spec: NewRun;
  readonly streamId: number;
  readonly rootRunId: string;
  readonly rows: JournalRow[];
  readonly signals: Map<string, { readonly payload: string; readonly seq: number }>;
  readonly sortKey: number;
  status: RunStatus;
  epoch: number;
  workerId: number | null;
  /** Who may claim it from when; null: nobody before an intent. */
  claimableAt: number | null;
  takeover: boolean;
  isBlocked: boolean;
  holdsSlot: boolean;
  intentSeq: number;
  /** Children that had ended by then are in the journal. */
  settledSeq: number;
  /** The intent by which the parent learnt of its end. */
  parentSeq: number;
  cancelRequested: boolean;
  cancelReason: string | null;
  pauseRequested: boolean;
  deadlineAt: number | null;
  timeoutLeftMs: number | null;
  output: string | null;
  error: string | null;
}

export interface MemoryWorker {
  expiresAt: number;
}

const MINUTE_MS = 60_000;

/** All runs, workers and blobs: what both in-memory ports stand on. */
export class MemoryState {
  readonly runs = new Map<string, MemoryRun>();
  readonly workers = new Map<number, MemoryWorker>();
  readonly blobs = new Map<string, { readonly runId: string; readonly content: string }>();
  private readonly children = new Map<string, Map<string, MemoryRun>>();
  private readonly lastVirtual = new Map<string, number>();
  private nextStreamId = 1;
  private nextWorkerId = 1;

  constructor(readonly nowMs: () => number) {}

  addWorker(leaseMs: number): number {
    const id = this.nextWorkerId++;
    this.workers.set(id, { expiresAt: this.nowMs() + leaseMs });
    return id;
  }

  insert(spec: NewRun): MemoryRun | undefined {
    if (this.runs.has(spec.id)) return undefined;
    if (spec.parent && this.childrenOf(spec.parent.runId).has(spec.parent.key)) return undefined;
    const parent = spec.parent && this.runs.get(spec.parent.runId);
    const run: MemoryRun = {
      spec,
      streamId: this.nextStreamId++,
      rootRunId: spec.parent?.rootRunId ?? spec.id,
      rows: [],
      signals: new Map(),
      sortKey: this.sortKey(spec),
      status: 'queued',
      epoch: 0,
      workerId: null,
      claimableAt: spec.startAt?.getTime() ?? this.nowMs(),
      takeover: false,
      isBlocked: spec.concurrency !== undefined,
      holdsSlot: false,
      intentSeq: 0,
      settledSeq: 0,
      parentSeq: 0,
      cancelRequested: false,
      cancelReason: null,
      pauseRequested: parent?.pauseRequested ?? false,
      deadlineAt: null,
      timeoutLeftMs: spec.timeoutMs ?? null,
      output: null,
      error: null,
    };
    this.runs.set(spec.id, run);
    if (spec.parent) this.childrenOf(spec.parent.runId).set(spec.parent.key, run);
    return run;
  }

  childrenOf(runId: string): Map<string, MemoryRun> {
    let children = this.children.get(runId);
    if (children === undefined) this.children.set(runId, (children = new Map()));
    return children;
  }

  /** The run and everything below it. */
  treeOf(run: MemoryRun): MemoryRun[] {
    return [run, ...[...this.childrenOf(run.spec.id).values()].flatMap((child) => this.treeOf(child))];
  }

  /** Something came for the run: its holder will see it, or somebody may claim it. */
  addIntent(run: MemoryRun): void {
    run.intentSeq += 1;
    if (run.workerId === null && run.status === 'waiting') this.makeClaimable(run);
  }

  makeClaimable(run: MemoryRun): void {
    run.claimableAt = Math.min(run.claimableAt ?? Number.POSITIVE_INFINITY, this.nowMs());
  }

  isHeldBy(run: MemoryRun, lease: Lease): boolean {
    return run.epoch === lease.epoch && run.workerId === lease.workerId && !isEnded(run.status);
  }

  private sortKey(spec: NewRun): number {
    const last = this.lastVirtual.get(spec.ownerId) ?? 0;
    const virtualAt = Math.max(this.nowMs(), last) + 1_000 / (spec.weight ?? 1);
    this.lastVirtual.set(spec.ownerId, virtualAt);
    return virtualAt - (spec.priority ?? 0) * MINUTE_MS;
  }
}

export function isEnded(status: RunStatus): status is EndedStatus {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
