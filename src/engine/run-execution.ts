import { EngineError } from './errors.js';
import type { RunLimits } from './limits.js';
import { Lingering } from './lingering.js';
import type { BlobStore } from './ports/blob-store.js';
import type { Clock } from './ports/clock.js';
import type { Lease } from './ports/journal.js';
import type { Chunk, EngineListener } from './ports/listener.js';
import type { ClaimedRun, IntentFlags, RunInbox, RunQueue } from './ports/run-queue.js';
import type { ProgramDefinition } from './program.js';
import type { Replay } from './replay.js';
import { RowFactory } from './row-factory.js';
import { RunAppender, type AppenderHost } from './run-appender.js';
import { createRunContext } from './run-context.js';
import { RunIntents } from './run-intents.js';
import { RunDeadline } from './run-deadline.js';
import { type Departure, type ExitHost, type ProgramEnd, RunExit } from './run-exit.js';
import { RunMailbox, type MailboxHost } from './run-mailbox.js';
import type { RunSession } from './run-session.js';
import type { EntryOutcome, RunWriter } from './run-writer.js';
import type { Mask, Serializer } from './serializer.js';
import type { Slots } from './slots.js';
import type { StuckRuns } from './stuck-runs.js';
import { StepRunner } from './step-runner.js';
import { TransactionRunner } from './transaction-runner.js';
import { Waits } from './waits.js';

export interface ExecutionServices {
  readonly clock: Clock;
  readonly queue: RunQueue;
  readonly blobs: BlobStore;
  readonly listener: EngineListener;
  readonly serializer: Serializer;
  readonly limits: RunLimits;
  readonly slots: Slots;
  readonly stuck: StuckRuns;
  /** Whether this process is known to hold its runs and to know of their intents. */
  readonly isCurrent: () => boolean;
  /** Whether there is room in memory for runs that only wait. */
  readonly hasRoom: () => boolean;
  /** Marks a run and all its descendants, and has everybody look at their intents. */
  readonly pause: (runId: string) => Promise<unknown>;
  /** A run became claimable, here or elsewhere. */
  readonly announceWork: () => void;
  /** Version that new runs of a kind start with. @throws {EngineError} when this process has no such program */
  readonly versionOf: (kind: string) => number;
  readonly onGone: (execution: RunExecution, how: Departure) => void;
}

const RETRY_MS = 500;

class RunTimedOutError extends EngineError {
  readonly code = 'RUN_TIMED_OUT';
}

/**
 * One run in memory, from the moment its journal is read until it ends, waits, pauses or is lost.
 * It joins the program's asks, the journal's answers and the intents from outside; each question has its own file.
 */
export class RunExecution implements RunSession, MailboxHost, AppenderHost, ExitHost {
  readonly lease: Lease;
  readonly clock: Clock;
  readonly slots: Slots;
  readonly limits: RunLimits;
  readonly listener: EngineListener;
  readonly mask: Mask;
  readonly rows: RowFactory;
  readonly mailbox: RunMailbox;
  readonly appender: RunAppender;
  readonly steps: StepRunner;
  readonly transactions: TransactionRunner;
  readonly waits: Waits;
  isGone = false;
  programEnd: ProgramEnd | undefined;

  private readonly intents: RunIntents;
  private readonly exit: RunExit;
  private readonly deadline: RunDeadline;
  private leavesChildren = false;
  private hasBegun = false;
  private isDraining = false;
  private readonly lingering: Lingering;
  private controller: AbortController | undefined;
  private stopReason: Error | undefined;

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
    this.limits = services.limits;
    this.listener = services.listener;
    this.mask = services.serializer.mask;
    this.rows = new RowFactory(this.lease.runId, services.serializer, services.limits);
    this.mailbox = new RunMailbox(this, replay.settlements);
    this.appender = new RunAppender(this, writer, replay);
    this.steps = new StepRunner(this);
    this.transactions = new TransactionRunner(this);
    this.waits = new Waits(this);
    this.exit = new RunExit(this, definition, writer, services);
    this.deadline = new RunDeadline(
      this.clock,
      () => this.flags.pauseRequested,
      () => this.endProgram({ error: new RunTimedOutError('The run took longer than its time limit') }),
    );
    this.lingering = new Lingering(this.clock, () => this.onSettled());
    this.intents = new RunIntents(
      claimed.intents,
      (since) => this.untilGone(() => services.queue.inbox(this.lease.runId, since)),
      (inbox) => this.receive(inbox),
    );
  }

  // From the engine

  /** Made on first use: most programs never look at it. */
  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.stopReason) this.controller.abort(this.stopReason);
    return this.controller.signal;
  }

  /** Announces the run in its stream and goes on where its journal ends. */
  begin(): void {
    this.deadline.watch(this.claimed.deadlineAt);
    if (this.replay.lastSeq === 0) this.announce('execution.started');
    if (this.flags.intentSeq > 0) void this.refresh();
    this.onSettled();
  }

  /** Something arrived for the run, or may have. */
  intentsChanged(flags: IntentFlags): void {
    if (this.intents.notice(flags)) void this.refresh();
  }

  /** Reads what came from outside. */
  async refresh(): Promise<void> {
    if (await this.intents.read()) this.onSettled();
  }

  /** We are not in doubt any more: what was held back may start. */
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

  /** Hands the run back now: steps under way are aborted and run again elsewhere, as another attempt of theirs. */
  handBack(): void {
    if (this.isGone || this.exit.isUnderWay) return;
    const rows = this.steps.cutRows();
    this.stopWork('The server is shutting down');
    this.exit.handBack(rows);
  }

  /** Drops the run without writing: its lease is lost, or the process pretends to be dead. */
  lose(): void {
    this.depart('lost');
  }

  // From the parts of the run

  mayStart(): boolean {
    const { cancelRequested, pauseRequested } = this.flags;
    if (this.isGone || this.exit.isUnderWay || this.isDraining || cancelRequested || pauseRequested) return false;
    return this.programEnd === undefined && this.isCurrent();
  }

  get flags(): IntentFlags {
    return this.intents.flags;
  }

  isCurrent(): boolean {
    return this.services.isCurrent();
  }

  get isStopped(): boolean {
    return this.stopReason !== undefined || this.flags.cancelRequested;
  }

  hold(key: string): void {
    this.mailbox.hold(key);
    this.mailbox.scheduleTurn();
  }

  pauseTree(): void {
    void this.untilGone(() => this.services.pause(this.lease.rootRunId));
  }

  readonly sendChunk = (chunk: Chunk, isHeard: () => boolean): void => {
    this.appender.sayInOrder(() => {
      if (isHeard()) this.listener.chunk(chunk);
    });
  };

  onFault(error: unknown): void {
    this.endProgram({ error });
  }

  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.onFault(error);
    }
  }

  childStarted(): void {
    this.services.announceWork();
  }

  putBlob(json: string): Promise<string> {
    return this.untilGone(() => this.services.blobs.put(this.lease.runId, json));
  }

  async loadBlob(id: string): Promise<unknown> {
    return JSON.parse(await this.untilGone(() => this.services.blobs.get(this.lease.runId, id)));
  }

  afterCommit(outcome: EntryOutcome): void {
    if (this.isGone) return;
    if (outcome.kind === 'lease_lost') this.depart('lost');
    else if (outcome.kind === 'cancel_requested') void this.refresh();
    else if (this.writer.isIdle) this.mailbox.scheduleTurn();
    if (this.programEnd || this.isDraining || this.flags.pauseRequested) this.onSettled();
  }

  endProgram(end: ProgramEnd): void {
    if (this.isGone || this.programEnd) return;
    this.programEnd = end;
    this.leavesChildren = 'error' in end || this.mailbox.awaitsChildren;
    this.stopWork('The run has ended');
    this.onSettled();
  }

  endEarlier(error: unknown): void {
    if (this.isGone) return;
    this.programEnd = undefined;
    this.endProgram({ error });
    this.writer.drop({ kind: 'intents_changed' });
  }

  /** The run's next move, once everything known has been dealt with. */
  onSettled(): void {
    if (this.isGone || this.exit.isUnderWay) return;
    const { cancelRequested, pauseRequested } = this.flags;
    if (cancelRequested) return void this.exit.cancel();
    if (this.programEnd) return void this.exit.end(this.leavesChildren);
    if (pauseRequested || this.isDraining) return this.leaveWhenQuiet();
    if (!this.hasBegun) this.beginProgram();
    else if (this.mayWait()) this.waitForWaits();
  }

  /** In memory for a moment, where a child may end soon; then without. */
  private waitForWaits(): void {
    const mayLinger = this.mailbox.onlyWaitsForChildren && this.services.hasRoom();
    if (mayLinger && !this.lingering.isOver) this.lingering.begin();
    else this.exit.wait(this.waits.nextWakeAtMs);
  }

  /** Not while something that came may be unread, or be held back because we are in doubt. */
  private mayWait(): boolean {
    return !this.intents.isReading && this.mayStart() && this.appender.isIdle && this.mailbox.onlyWaits;
  }

  private beginProgram(): void {
    if (!this.isCurrent()) return;
    this.hasBegun = true;
    if (this.replay.isPaused) this.announce('execution.resumed');
    this.listener.statusChanged(this.lease, this.claimed.kind, 'running');
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

  stopWork(reason: string): void {
    // The first reason stands; an end comes by here twice.
    this.stopReason ??= new Error(reason);
    this.mailbox.close();
    this.steps.abort(this.stopReason);
    this.waits.stopTimers();
    this.controller?.abort(this.stopReason);
  }

  private leaveWhenQuiet(): void {
    if (this.steps.executing > 0 || this.transactions.executing > 0 || !this.appender.isIdle) return;
    if (this.hasBegun && !this.mailbox.isQuiet) return;
    if (this.flags.pauseRequested) this.exit.pause(this.replay.isPaused && !this.hasBegun);
    else this.exit.handBack([]);
  }

  depart(how: Departure): void {
    if (this.isGone) return;
    this.isGone = true;
    this.deadline.stop();
    this.lingering.reset();
    this.stopWork('The run left this process');
    this.writer.close({ kind: 'lease_lost' });
    this.services.onGone(this, how);
  }

  // Intents

  private receive(inbox: RunInbox): boolean {
    if (this.isGone) return false;
    if (inbox.pauseRequested) this.steps.stopBackoffs();
    else this.deadline.watch(inbox.deadlineAt);
    this.waits.receive(inbox);
    this.mailbox.startHeld();
    this.lingering.reset();
    return true;
  }

  private announce(type: string): void {
    this.appender.push([this.rows.event({ type, data: {} })]);
  }

  /** Tries until the database answers or the run is gone; then it never settles, like everything of a run that left. */
  async untilGone<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        this.listener.fault('the database does not answer; trying again', error, { runId: this.lease.runId });
        await new Promise<void>((resolve) => this.clock.setTimer(RETRY_MS, resolve));
      }
      if (this.isGone) return new Promise<T>(() => undefined);
    }
  }
}
