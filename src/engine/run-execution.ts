import { EngineError, RunFailure, RunTooLongError, type FailureInfo } from './errors.js';
import type { RunLimits } from './limits.js';
import type { BlobStore } from './ports/blob-store.js';
import type { Clock } from './ports/clock.js';
import type { Lease, NewRow, Transition } from './ports/journal.js';
import type { Chunk, EngineListener } from './ports/listener.js';
import type { ClaimedRun, IntentFlags, NewRun, RunQueue, RunStatus } from './ports/run-queue.js';
import type { ProgramDefinition, RunEvent } from './program.js';
import type { Replay } from './replay.js';
import { messageOf } from './retry.js';
import { RowFactory, type SettlementRow } from './row-factory.js';
import { createRunContext } from './run-context.js';
import { RunMailbox, type MailboxHost } from './run-mailbox.js';
import type { RunSession } from './run-session.js';
import type { EntryOutcome, RunWriter } from './run-writer.js';
import type { Serializer } from './serializer.js';
import type { Slots } from './slots.js';
import { StepRunner } from './step-runner.js';
import { TransactionRunner } from './transaction-runner.js';
import { Waits } from './waits.js';

/** How a run leaves this process. `lost`: somebody else may have it, or the journal would not take its rows. */
export type Departure = 'ended' | 'released' | 'lost';

export interface ExecutionServices {
  readonly clock: Clock;
  readonly queue: RunQueue;
  readonly blobs: BlobStore;
  readonly listener: EngineListener;
  readonly serializer: Serializer;
  readonly limits: RunLimits;
  readonly slots: Slots;
  /** Whether this process is known to hold its runs and to know of their intents. */
  readonly isCurrent: () => boolean;
  /** Version that new runs of a kind start with. @throws {EngineError} when this process has no such program */
  readonly versionOf: (kind: string) => number;
  readonly onGone: (execution: RunExecution, how: Departure) => void;
}

type ProgramEnd = { readonly output: unknown } | { readonly error: unknown };

const RETRY_MS = 500;

/**
 * One run in memory, from the moment its journal is read until it ends, waits, pauses or is lost.
 * It joins the program's asks, the journal's answers and the intents from outside; each question has its own file.
 */
export class RunExecution implements RunSession, MailboxHost {
  readonly lease: Lease;
  readonly clock: Clock;
  readonly slots: Slots;
  readonly rows: RowFactory;
  readonly mailbox: RunMailbox;
  readonly steps: StepRunner;
  readonly transactions: TransactionRunner;
  readonly waits: Waits;
  readonly controller = new AbortController();
  isGone = false;

  private flags: IntentFlags;
  private programEnd: ProgramEnd | undefined;
  private hasBegun = false;
  private isDraining = false;
  private isLeaving = false;
  private isRefreshing = false;
  /** Large results on their way into a blob. */
  private blobsInFlight = 0;
  private needsRefresh = false;
  private stepCount: number;
  private byteCount: number;
  private stopDeadline: () => void = () => undefined;

  constructor(
    readonly claimed: ClaimedRun,
    private readonly definition: ProgramDefinition,
    readonly replay: Replay,
    private readonly writer: RunWriter,
    private readonly services: ExecutionServices,
  ) {
    this.lease = claimed.lease;
    this.clock = services.clock;
    this.slots = services.slots;
    this.flags = claimed.intents;
    this.stepCount = replay.steps;
    this.byteCount = replay.bytes;
    this.rows = new RowFactory(this.lease.runId, services.serializer, services.limits);
    this.mailbox = new RunMailbox(this, replay.settlements);
    this.steps = new StepRunner(this);
    this.transactions = new TransactionRunner(this);
    this.waits = new Waits(this);
  }

  /** Announces the run in its stream and goes on where its journal ends. */
  begin(): void {
    this.stopDeadline = this.watchDeadline();
    if (this.replay.lastSeq === 0) this.announce('execution.started');
    if (this.flags.intentSeq > 0) void this.refresh();
    this.onSettled();
  }

  /** Something arrived for the run, or may have. */
  intentsChanged(flags: IntentFlags): void {
    if (flags.intentSeq <= this.flags.intentSeq) return;
    const { intentSeq } = this.flags;
    this.flags = { ...flags, intentSeq };
    void this.refresh();
  }

  /** Reads what came from outside. Called again while it reads, it reads once more. */
  async refresh(): Promise<void> {
    this.needsRefresh = true;
    if (this.isRefreshing) return;
    this.isRefreshing = true;
    while (this.needsRefresh && !this.isGone) {
      this.needsRefresh = false;
      await this.readInbox();
    }
    this.isRefreshing = false;
    this.onSettled();
  }

  /** The lease is valid again, or a pause was taken back: what was held may start. */
  goOn(): void {
    this.waits.check();
    this.mailbox.startHeld();
    this.onSettled();
  }

  /** No new step starts; the run is handed back when nothing is under way. */
  drain(): void {
    this.isDraining = true;
    this.steps.stopBackoffs();
    this.onSettled();
  }

  /** Hands the run back now: steps under way are aborted and run again elsewhere. */
  handBack(): void {
    if (this.isGone || this.isLeaving) return;
    this.stopWork('The server is shutting down');
    this.leave({ to: 'queued' }, [], 'queued');
  }

  /** Drops the run without writing: its lease is lost, or the process pretends to be dead. */
  lose(): void {
    this.depart('lost');
  }

  // What the program's parts need (RunSession)

  mayStart(): boolean {
    const { cancelRequested, pauseRequested } = this.flags;
    if (this.isGone || this.isLeaving || this.isDraining || cancelRequested || pauseRequested) return false;
    return this.programEnd === undefined && this.isCurrent();
  }

  isCurrent(): boolean {
    return this.services.isCurrent();
  }

  hold(key: string): void {
    this.mailbox.hold(key);
    this.mailbox.scheduleTurn();
  }

  readonly sendChunk = (chunk: Chunk): void => {
    if (!this.isGone) this.services.listener.chunk({ ...chunk, text: this.rows.mask(chunk.text) });
  };

  push(rows: readonly NewRow[], then: (committed: boolean) => void = () => undefined): void {
    this.pushRows(rows, [], (outcome) => {
      then(outcome.kind === 'committed');
      if (outcome.kind === 'refused') this.endProgram({ error: outcome.error });
    });
  }

  pushChild(child: NewRun, rows: readonly NewRow[]): void {
    this.pushRows(rows, [child], (outcome) => {
      if (outcome.kind === 'committed') this.services.listener.workAvailable();
      else if (outcome.kind === 'refused') this.endProgram({ error: outcome.error });
    });
  }

  pushEffect(effect: Parameters<RunSession['pushEffect']>[0]): void {
    this.writer.push({
      kind: 'effect',
      work: effect.work,
      rows: effect.rows,
      settle: (outcome) => {
        if (!this.isGone && outcome.kind === 'committed') effect.committed();
        if (!this.isGone && outcome.kind === 'refused') effect.refused(outcome.error);
        effect.over();
        this.afterCommit(outcome);
      },
    });
  }

  settle(key: string, events: readonly NewRow[], { row, settlement }: SettlementRow): void {
    this.stepCount += 1;
    this.pushRows([...events, row], [], (outcome) => {
      if (outcome.kind === 'committed') {
        this.services.listener.stepEnded(this.lease, key);
        this.mailbox.deliver(settlement);
      } else if (outcome.kind === 'refused') this.settleRefused(key, settlement.kind === 'failure', outcome.error);
    });
  }

  settleValue(key: string, events: readonly NewRow[], value: unknown, event: RunEvent): void {
    const settled = this.rows.result(key, value, event);
    if (settled) this.settle(key, events, settled);
    else void this.settleBlob(key, events, this.rows.encode(value), event);
  }

  // What the mailbox needs (MailboxHost)

  onFault(error: unknown): void {
    this.endProgram({ error });
  }

  async loadBlob(id: string): Promise<unknown> {
    return JSON.parse(await this.untilGone(() => this.services.blobs.get(this.lease.runId, id)));
  }

  /** The run's next move, once everything known has been dealt with. */
  onSettled(): void {
    if (this.isGone || this.isLeaving) return;
    if (this.flags.cancelRequested) return void this.leaveCancelled();
    if (this.programEnd) return void this.leaveEnded(this.programEnd);
    if (this.flags.pauseRequested || this.isDraining) return this.leaveWhenQuiet();
    if (!this.hasBegun) this.beginProgram();
    else if (this.mayWait()) this.leaveWaiting();
  }

  private get isWritten(): boolean {
    return this.writer.isIdle && this.blobsInFlight === 0;
  }

  /** Not while something that came may be unread, or be held back because our lease is in doubt. */
  private mayWait(): boolean {
    return !this.isRefreshing && this.mayStart() && this.isWritten && this.mailbox.onlyWaits;
  }

  private beginProgram(): void {
    if (!this.isCurrent()) return;
    this.hasBegun = true;
    if (this.replay.isPaused) this.announce('execution.resumed');
    this.services.listener.statusChanged(this.lease, this.claimed.kind, 'running');
    this.mailbox.scheduleTurn();
    void this.runProgram();
  }

  private async runProgram(): Promise<void> {
    try {
      const input = JSON.parse(this.claimed.input) as unknown;
      this.endProgram({ output: await this.definition.run(createRunContext(this, this.services.versionOf), input) });
    } catch (error) {
      this.endProgram({ error });
    }
  }

  private endProgram(end: ProgramEnd): void {
    if (this.isGone || this.programEnd) return;
    this.programEnd = end;
    this.stopWork('The run has ended');
    this.onSettled();
  }

  private stopWork(reason: string): void {
    const error = new Error(reason);
    this.mailbox.close();
    this.steps.abort(error);
    this.waits.stopTimers();
    this.controller.abort(error);
  }

  // Leaving

  private async leaveEnded(end: ProgramEnd): Promise<void> {
    this.isLeaving = true;
    if ('error' in end || this.waits.hasOpenChildren) await this.cancelChildren();
    if (this.isGone) return;
    if (this.flags.cancelRequested) {
      this.isLeaving = false;
      return void this.leaveCancelled();
    }
    if ('output' in end) this.complete(end.output);
    else this.fail(end.error);
  }

  private complete(output: unknown): void {
    try {
      const data = this.definition.completed?.(output) ?? { output: output ?? null };
      const row = this.rows.event({ type: 'execution.completed', data });
      this.leave({ to: 'completed', output: this.rows.encode(output) }, [row], 'completed');
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    const { info, output } = this.toRunFailure(error);
    const row = this.rows.event({ type: 'execution.failed', data: { error: info } });
    const encoded = output === undefined ? null : this.rows.encode(output);
    this.leave({ to: 'failed', error: this.rows.encode(info), output: encoded }, [row], 'failed');
  }

  private toRunFailure(error: unknown): { readonly info: FailureInfo; readonly output?: unknown } {
    if (error instanceof RunFailure) return error;
    if (error instanceof EngineError) {
      const { code, message, details } = error;
      return { info: { code, message, details } };
    }
    this.services.listener.fault('a program failed in an unforeseen way', error, { runId: this.lease.runId });
    return { info: { code: 'PROGRAM_ERROR', message: messageOf(error) } };
  }

  private async leaveCancelled(): Promise<void> {
    this.isLeaving = true;
    this.stopWork('The run was cancelled');
    const inbox = await this.untilGone(() => this.services.queue.inbox(this.lease.runId));
    if (this.isGone) return;
    const reason = inbox.cancelReason;
    const row = this.rows.event({ type: 'execution.cancelled', data: reason === null ? {} : { reason } });
    const error = this.rows.encode({ code: 'RUN_CANCELLED', message: reason ?? 'The run was cancelled' });
    this.leave({ to: 'cancelled', error }, [row], 'cancelled');
  }

  private leaveWhenQuiet(): void {
    if (this.steps.executing > 0 || this.transactions.executing > 0 || !this.isWritten) return;
    if (this.hasBegun && !this.mailbox.isQuiet) return;
    if (!this.flags.pauseRequested) return this.leave({ to: 'queued' }, [], 'queued');
    const { intentSeq } = this.flags;
    const row = this.rows.event({ type: 'execution.paused', data: {} });
    this.leave({ to: 'paused', intentSeq }, this.replay.isPaused && !this.hasBegun ? [] : [row], 'paused');
  }

  private leaveWaiting(): void {
    const wakeAtMs = this.waits.nextWakeAtMs;
    const wakeAt = wakeAtMs === undefined ? null : new Date(wakeAtMs);
    this.leave({ to: 'waiting', wakeAt, intentSeq: this.flags.intentSeq }, [], 'waiting');
  }

  private leave(transition: Transition, rows: readonly NewRow[], status: RunStatus): void {
    this.isLeaving = true;
    this.writer.push({
      kind: 'rows',
      rows,
      children: [],
      transition,
      settle: (outcome) => this.onLeft(outcome, transition, status),
    });
  }

  private onLeft(outcome: EntryOutcome, transition: Transition, status: RunStatus): void {
    if (this.isGone) return;
    if (outcome.kind === 'committed') {
      this.services.listener.statusChanged(this.lease, this.claimed.kind, status);
      this.depart(
        transition.to === 'waiting' || transition.to === 'paused' || transition.to === 'queued' ? 'released' : 'ended',
      );
    } else if (outcome.kind === 'refused' && transition.to === 'completed') {
      this.fail(outcome.error);
    } else if (outcome.kind === 'lease_lost' || outcome.kind === 'refused') {
      this.depart('lost');
    } else {
      this.isLeaving = false;
      void this.refresh();
    }
  }

  private depart(how: Departure): void {
    if (this.isGone) return;
    this.isGone = true;
    this.stopDeadline();
    this.stopWork('The run left this process');
    this.writer.close({ kind: 'lease_lost' });
    this.services.onGone(this, how);
  }

  // Appending

  private pushRows(
    rows: readonly NewRow[],
    children: readonly NewRun[],
    settle: (outcome: EntryOutcome) => void,
  ): void {
    for (const row of rows) this.byteCount += row.payload.length + (row.record?.length ?? 0);
    this.writer.push({
      kind: 'rows',
      rows,
      children,
      settle: (outcome) => {
        settle(this.isGone ? { kind: 'lease_lost' } : outcome);
        this.afterCommit(outcome);
      },
    });
    this.checkLimits();
  }

  private afterCommit(outcome: EntryOutcome): void {
    if (this.isGone) return;
    if (outcome.kind === 'lease_lost') this.depart('lost');
    else if (outcome.kind === 'cancel_requested') void this.refresh();
    else if (this.writer.isIdle) this.mailbox.scheduleTurn();
    if (this.programEnd || this.flags.pauseRequested || this.isDraining) this.onSettled();
  }

  private checkLimits(): void {
    const { maxSteps, maxJournalBytes } = this.services.limits;
    if (this.stepCount <= maxSteps && this.byteCount <= maxJournalBytes) return;
    const details = { max_steps: maxSteps, max_bytes: maxJournalBytes };
    this.endProgram({ error: new RunTooLongError('The run grew too long; use child runs', details) });
  }

  /** The journal would not take a result: the step fails instead. A failure that is refused too ends the run. */
  private settleRefused(key: string, wasFailure: boolean, error: unknown): void {
    if (wasFailure) return this.endProgram({ error });
    const info = { code: 'VALUE_NOT_STORABLE', message: 'The result cannot be stored' };
    this.steps.failFinally(key, info, { key, attempt: 1, durationMs: 0 }, {});
  }

  private async settleBlob(key: string, events: readonly NewRow[], json: string, event: RunEvent): Promise<void> {
    this.blobsInFlight += 1;
    const blobId = await this.untilGone(() => this.services.blobs.put(this.lease.runId, json));
    this.blobsInFlight -= 1;
    if (!this.isGone) this.settle(key, events, this.rows.blobResult(key, blobId, json, event));
  }

  private announce(type: string): void {
    this.push([this.rows.event({ type, data: {} })]);
  }

  // Intents and time

  private async readInbox(): Promise<void> {
    const inbox = await this.untilGone(() => this.services.queue.inbox(this.lease.runId));
    if (this.isGone) return;
    const { intentSeq, cancelRequested, pauseRequested } = inbox;
    this.flags = { intentSeq, cancelRequested, pauseRequested };
    if (pauseRequested) this.steps.stopBackoffs();
    this.waits.receive(inbox);
    this.mailbox.startHeld();
  }

  /** A run that ends takes its children with it. */
  private async cancelChildren(): Promise<void> {
    await this.untilGone(() => this.services.queue.cancelChildren(this.lease.runId, 'The parent run has ended'));
  }

  private watchDeadline(): () => void {
    const { deadlineAt } = this.claimed;
    if (deadlineAt === null) return () => undefined;
    const delayMs = Math.max(deadlineAt.getTime() - this.clock.now().getTime(), 0);
    return this.clock.setTimer(Math.min(delayMs, 2 ** 31 - 1), () => {
      if (this.flags.pauseRequested) return;
      this.endProgram({ error: new RunTimedOutError('The run took longer than its time limit') });
    });
  }

  /** Tries until the database answers or the run is gone; then it never settles, like everything of a run that left. */
  private async untilGone<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        this.services.listener.fault('the database does not answer; trying again', error, { runId: this.lease.runId });
        await new Promise<void>((resolve) => this.clock.setTimer(RETRY_MS, resolve));
      }
      if (this.isGone) return new Promise<T>(() => undefined);
    }
  }
}

class RunTimedOutError extends EngineError {
  readonly code = 'RUN_TIMED_OUT';
}
