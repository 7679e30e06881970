import type { ClaimedRun, IntentFlags, RunQueue } from './ports/run-queue.js';
import type { EngineListener } from './ports/listener.js';
import type { NewRow } from './ports/journal.js';
import type { ProgramDefinition } from './program.js';
import type { RowFactory } from './row-factory.js';
import { cancelled, completed, failed, type Leave, statusAfter, toRunEndFailure } from './run-leave.js';
import type { EntryOutcome, RunWriter } from './run-writer.js';
import type { StuckRuns } from './stuck-runs.js';

/** How a run leaves this process. `lost`: somebody else may have it, or the journal would not take its rows. */
export type Departure = 'ended' | 'released' | 'lost';

export type ProgramEnd = { readonly output: unknown } | { readonly error: unknown };

/** The run that leaves. */
export interface ExitHost {
  readonly claimed: ClaimedRun;
  readonly rows: RowFactory;
  readonly listener: EngineListener;
  readonly isGone: boolean;
  readonly flags: IntentFlags;
  /** As far as it has ended; an error may take the place of an output that was not committed. */
  readonly programEnd: ProgramEnd | undefined;
  stopWork(reason: string): void;
  refresh(): Promise<void>;
  depart(how: Departure): void;
  untilGone<T>(work: () => Promise<T>): Promise<T>;
}

export interface ExitServices {
  readonly queue: RunQueue;
  readonly stuck: StuckRuns;
}

/** The last transition of a run in this process: it ends, waits, pauses or is handed back. */
export class RunExit {
  isUnderWay = false;

  constructor(
    private readonly host: ExitHost,
    private readonly definition: ProgramDefinition,
    private readonly writer: RunWriter,
    private readonly services: ExitServices,
  ) {}

  /** A run that ends takes its children with it, and so waits for those that are on their way. */
  async end(leavesChildren: boolean): Promise<void> {
    if (leavesChildren && !this.writer.isIdle) return;
    this.isUnderWay = true;
    const { host } = this;
    if (leavesChildren) {
      await host.untilGone(() => this.services.queue.cancelChildren(this.runId, 'The parent run has ended'));
    }
    const end = host.programEnd;
    if (host.isGone || !end) return;
    if (host.flags.cancelRequested) void this.cancel();
    else if ('output' in end) this.complete(end.output);
    else this.fail(end.error);
  }

  async cancel(): Promise<void> {
    this.isUnderWay = true;
    const { host } = this;
    host.stopWork('The run was cancelled');
    const { intentSeq } = host.flags;
    const { cancelReason } = await host.untilGone(() => this.services.queue.inbox(this.runId, intentSeq));
    if (!host.isGone) this.leave(cancelled(host.rows, cancelReason));
  }

  /** @param isTold whether its stream says so already */
  pause(isTold: boolean): void {
    const rows = isTold ? [] : [this.host.rows.event({ type: 'execution.paused', data: {} })];
    this.leave({ transition: { to: 'paused', intentSeq: this.host.flags.intentSeq }, rows });
  }

  wait(wakeAtMs: number | undefined): void {
    const wakeAt = wakeAtMs === undefined ? null : new Date(wakeAtMs);
    this.leave({ transition: { to: 'waiting', wakeAt, intentSeq: this.host.flags.intentSeq }, rows: [] });
  }

  /** To whoever claims it next. */
  handBack(rows: readonly NewRow[]): void {
    this.leave({ transition: { to: 'queued' }, rows });
  }

  private complete(output: unknown): void {
    try {
      this.leave(completed(this.host.rows, this.definition, output));
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    const failure = toRunEndFailure(error);
    if (failure.isUnforeseen) {
      this.host.listener.fault('a program failed in an unforeseen way', error, { runId: this.runId });
    }
    this.leave(failed(this.host.rows, failure));
  }

  private leave(leave: Leave): void {
    this.isUnderWay = true;
    const { transition, rows } = leave;
    const settle = (outcome: EntryOutcome) => this.onLeft(outcome, leave);
    this.writer.push({ kind: 'rows', rows, children: [], transition, settle });
  }

  private onLeft(outcome: EntryOutcome, leave: Leave): void {
    const { host } = this;
    if (host.isGone) return;
    const { to } = leave.transition;
    if (outcome.kind === 'committed') {
      host.listener.statusChanged(host.claimed.lease, host.claimed.kind, statusAfter(leave));
      host.depart(to === 'waiting' || to === 'paused' || to === 'queued' ? 'released' : 'ended');
    } else if (outcome.kind === 'refused' && to === 'completed') {
      this.fail(outcome.error);
    } else if (outcome.kind === 'lease_lost' || outcome.kind === 'refused') {
      if (outcome.kind === 'refused') this.services.stuck.add(this.runId, 'END_REFUSED');
      host.depart('lost');
    } else {
      this.isUnderWay = false;
      void host.refresh();
    }
  }

  private get runId(): string {
    return this.host.claimed.lease.runId;
  }
}
