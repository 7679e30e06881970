import { EngineError } from './errors.js';
import { GroupCommitter } from './group-committer.js';
import { LeaseKeeper } from './lease-keeper.js';
import { DEFAULT_LIMITS, type RunLimits } from './limits.js';
import { openRun } from './open-run.js';
import type { BlobStore } from './ports/blob-store.js';
import type { Clock } from './ports/clock.js';
import type { Journal } from './ports/journal.js';
import type { EngineListener } from './ports/listener.js';
import type {
  CancelOutcome,
  ClaimableKind,
  ClaimedRun,
  IntentFlags,
  NewRun,
  RunQueue,
  SignalOutcome,
  SteerOutcome,
} from './ports/run-queue.js';
import type { ProgramDefinition } from './program.js';
import { RunCreator } from './run-creator.js';
import type { ExecutionServices, RunExecution } from './run-execution.js';
import type { Departure } from './run-exit.js';
import { Serializer, type Mask } from './serializer.js';
import { Slots } from './slots.js';
import { StuckRuns, type StuckRun } from './stuck-runs.js';

export interface RunEngineOptions {
  readonly journal: Journal;
  readonly queue: RunQueue;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly listener: EngineListener;
  readonly programs: readonly ProgramDefinition[];
  readonly worker: { readonly name: string; readonly roles: readonly string[] };
  /** How long runs stay ours without a heartbeat. Default 15,000 ms. */
  readonly leaseMs?: number;
  /** Steps that may be under way at once. Default 256: mostly they wait for a model. */
  readonly stepSlots?: number;
  /** Runs that may be in memory at once; those that only wait are not. Default 256. */
  readonly maxRuns?: number;
  /** How often to look for work and intents that no notice told of. Default 500 ms. */
  readonly pollMs?: number;
  readonly limits?: RunLimits;
  readonly mask?: Mask;
}

interface OpeningRun {
  readonly claimed: ClaimedRun;
  intents: IntentFlags;
}

class UnknownRunKindError extends EngineError {
  readonly code = 'RUN_KIND_UNKNOWN';
}

/**
 * Claims runs, drives them, lets them go. The coordinator: it calls the parts and decides nothing itself.
 * Without `start` it creates and steers runs that other processes execute.
 */
export class RunEngine {
  private readonly runs = new Map<string, RunExecution>();
  private readonly programs = new Map<string, ProgramDefinition>();
  private readonly committer: GroupCommitter;
  private readonly creator: RunCreator;
  private readonly keeper: LeaseKeeper;
  private readonly services: ExecutionServices;
  private readonly kinds: readonly ClaimableKind[];
  private readonly maxRuns: number;
  private readonly pollMs: number;
  /** Runs on their way into memory, with what arrived for them meanwhile. */
  private readonly opening = new Set<OpeningRun>();
  private needsReconciling = false;
  private isClaiming = false;
  private claimAgain = false;
  private isReadingIntents = false;
  private readIntentsAgain = false;
  /** Intents that were committed before this instant are known here. */
  private intentsKnownAtMs = Number.NEGATIVE_INFINITY;
  private isWorking = false;
  private stopPolling: () => void = () => undefined;

  constructor(private readonly options: RunEngineOptions) {
    const { clock, queue, journal, listener, blobs } = options;
    for (const program of options.programs) this.programs.set(program.kind, program);
    this.kinds = options.programs.map(({ kind, version, replays }) => ({
      kind,
      versions: [version, ...(replays ?? [])],
    }));
    this.maxRuns = options.maxRuns ?? 256;
    this.pollMs = options.pollMs ?? 500;
    const onFault = (message: string, error: unknown) => listener.fault(message, error, {});
    this.committer = new GroupCommitter({
      journal,
      clock,
      onFault,
      onCommitted: (lease, rows) => listener.committed(lease, rows),
    });
    this.creator = new RunCreator(queue, clock, () => this.announceWork());
    this.keeper = new LeaseKeeper({
      queue,
      clock,
      worker: options.worker,
      leaseMs: options.leaseMs ?? 15_000,
      onLost: () => this.loseAll(),
      onBeat: () => this.onBeat(),
      onFault,
    });
    this.services = {
      clock,
      queue,
      blobs,
      listener,
      serializer: new Serializer(options.mask),
      limits: options.limits ?? DEFAULT_LIMITS,
      stuck: new StuckRuns(clock),
      slots: new Slots(options.stepSlots ?? 256),
      isCurrent: () => this.isCurrent,
      hasRoom: () => this.runs.size + this.opening.size <= this.maxRuns / 2,
      pause: (runId) => this.pauseTree(runId),
      announceWork: () => this.announceWork(),
      versionOf: (kind) => this.programOf(kind).version,
      onGone: (execution, how) => this.onGone(execution, how),
    };
  }

  /** Runs in memory. */
  get activeRuns(): number {
    return this.runs.size;
  }

  /** Runs that this process could not go on with lately, and that somebody should look at. */
  get stuckRuns(): readonly StuckRun[] {
    return this.services.stuck.list();
  }

  get stepsInProgress(): number {
    return this.services.slots.inUse;
  }

  /** False while this process works without a valid lease: the database does not answer in time. */
  get isHealthy(): boolean {
    return !this.isWorking || this.keeper.isValid;
  }

  /**
   * Whether work may begin here: our lease holds, and a cancel cannot have been committed much more than two polls ago
   * without our knowing. Work that begins in doubt could begin twice, or after its run was stopped.
   */
  private get isCurrent(): boolean {
    return this.keeper.isValid && this.options.clock.monotonicMs() - this.intentsKnownAtMs < 2 * this.pollMs;
  }

  /** @throws {EngineError} code `RUN_KIND_UNKNOWN` */
  programOf(kind: string): ProgramDefinition {
    const program = this.programs.get(kind);
    if (program === undefined) throw new UnknownRunKindError(`No program for runs of kind ${kind}`, { kind });
    return program;
  }

  /** Begins to take and drive runs. */
  async start(): Promise<void> {
    this.isWorking = true;
    this.intentsKnownAtMs = this.options.clock.monotonicMs();
    await this.keeper.start();
    this.poll();
  }

  /** Inserts a root run; many at once go out in one statement. */
  async create(run: NewRun): Promise<void> {
    await this.creator.create(run);
  }

  async cancel(runId: string, reason: string | null = null): Promise<CancelOutcome> {
    const outcome = await this.options.queue.cancel(runId, reason);
    this.wake();
    return outcome;
  }

  async pause(runId: string): Promise<SteerOutcome> {
    const outcome = await this.options.queue.pause(runId);
    this.wake();
    return outcome;
  }

  private async pauseTree(runId: string): Promise<void> {
    await this.pause(runId);
    // Runs of the tree may be elsewhere, or must be claimed to be paused.
    this.options.listener.workAvailable();
  }

  async resume(runId: string): Promise<SteerOutcome> {
    const outcome = await this.options.queue.resume(runId);
    this.wake();
    return outcome;
  }

  async signal(runId: string, key: string, payload: unknown): Promise<SignalOutcome> {
    const outcome = await this.options.queue.signal(
      runId,
      key,
      this.services.serializer.encode(payload, this.services.limits.maxPayloadBytes),
      this.services.limits,
    );
    this.wake();
    return outcome;
  }

  /** There may be work: look now instead of at the next poll. */
  lookForWork(): void {
    if (this.isWorking) void this.claim();
  }

  /** There may be work or intents. */
  wake(): void {
    if (!this.isWorking) return;
    void this.claim();
    void this.readIntents();
  }

  /**
   * Stops claiming, lets steps under way finish for at most `graceMs`, hands every run back and ends the registration.
   */
  async drain(graceMs: number): Promise<void> {
    if (!this.isWorking) return;
    this.isWorking = false;
    this.stopPolling();
    for (const run of this.runs.values()) run.drain();
    await this.untilEmpty(graceMs);
    for (const run of this.runs.values()) run.handBack();
    await this.untilEmpty(HAND_BACK_MS);
    await this.keeper.stop();
    this.loseAll();
    this.committer.stop();
  }

  /** As in a crash: drops everything without a word. For tests of what a crash leaves behind. */
  kill(): void {
    this.isWorking = false;
    this.stopPolling();
    this.keeper.kill();
    this.committer.stop();
    this.loseAll();
  }

  private announceWork(): void {
    this.options.listener.workAvailable();
    if (this.isWorking) void this.claim();
  }

  private poll(): void {
    this.wake();
    this.stopPolling = this.options.clock.setTimer(this.pollMs, () => this.isWorking && this.poll());
  }

  private async claim(): Promise<void> {
    this.claimAgain = true;
    if (this.isClaiming) return;
    this.isClaiming = true;
    while (this.claimAgain && this.isWorking) {
      this.claimAgain = false;
      await this.claimOnce();
    }
    this.isClaiming = false;
  }

  private async claimOnce(): Promise<void> {
    const workerId = this.keeper.id;
    const room = this.maxRuns - this.runs.size - this.opening.size;
    if (workerId === undefined || !this.keeper.isValid || room <= 0) return;
    try {
      if (this.needsReconciling) await this.reconcile(workerId);
      const max = Math.min(room, MAX_CLAIM);
      const claimed = await this.options.queue.claim(workerId, this.kinds, max);
      if (claimed.length === max) this.claimAgain = true;
      for (const run of claimed) void this.take(run);
    } catch (error) {
      // It may have been carried out all the same: then we hold runs that we do not know of.
      this.needsReconciling = true;
      this.options.listener.fault('could not claim runs; trying again', error, {});
    }
  }

  private async reconcile(workerId: number): Promise<void> {
    const held = [...this.runs.values(), ...this.opening].map(({ claimed }) => claimed.lease);
    await this.options.queue.reconcile(workerId, held);
    this.needsReconciling = false;
  }

  private async take(claimed: ClaimedRun): Promise<void> {
    const { runId } = claimed.lease;
    const opening: OpeningRun = { claimed, intents: claimed.intents };
    this.opening.add(opening);
    const { journal, listener } = this.options;
    const program = this.programOf(claimed.kind);
    const execution = await openRun(claimed, program, { journal, wake: this.committer.wake, services: this.services });
    this.opening.delete(opening);
    if (execution === undefined || claimed.lease.workerId !== this.keeper.id) {
      await this.abandon(claimed);
      return;
    }
    this.runs.get(runId)?.lose();
    this.runs.set(runId, execution);
    try {
      execution.intentsChanged(opening.intents);
      execution.begin();
    } catch (error) {
      listener.fault('a run could not begin', error, { runId });
      execution.lose();
    }
    if (!this.isWorking) execution.drain();
  }

  private async readIntents(): Promise<void> {
    const workerId = this.keeper.id;
    this.readIntentsAgain = true;
    if (workerId === undefined || this.isReadingIntents) return;
    this.isReadingIntents = true;
    while (this.readIntentsAgain && this.isWorking) {
      this.readIntentsAgain = false;
      await this.readIntentsOnce(workerId);
    }
    this.isReadingIntents = false;
  }

  private async readIntentsOnce(workerId: number): Promise<void> {
    const askedAtMs = this.options.clock.monotonicMs();
    try {
      const intents = await this.options.queue.intents(workerId);
      for (const each of intents) this.deliver(each.runId, each);
      this.knowIntents(askedAtMs);
    } catch (error) {
      this.options.listener.fault('could not read intents; trying again', error, {});
    }
  }

  private deliver(runId: string, intents: IntentFlags): void {
    for (const opening of this.opening) if (opening.claimed.lease.runId === runId) opening.intents = intents;
    this.runs.get(runId)?.intentsChanged(intents);
  }

  private knowIntents(atMs: number): void {
    const wasCurrent = this.isCurrent;
    this.intentsKnownAtMs = atMs;
    if (!wasCurrent) this.goOn();
  }

  private onGone(execution: RunExecution, how: Departure): void {
    const { claimed } = execution;
    if (this.runs.get(claimed.lease.runId) === execution) this.runs.delete(claimed.lease.runId);
    if (how === 'lost') void this.abandon(claimed);
    else this.services.stuck.remove(claimed.lease.runId);
    if (!this.isWorking) return;
    const parent = claimed.lease.parentRunId;
    if (how === 'ended' && parent !== null) {
      void this.runs.get(parent)?.refresh();
      this.options.listener.workAvailable();
    }
    // Room for another; and what this end woke, its parent or the next run of its concurrency key.
    if (how === 'ended' || this.runs.size >= this.maxRuns - 1) void this.claim();
  }

  /** What we lost for a reason of our own must not wait for our lease to run out. */
  private async abandon({ lease }: ClaimedRun): Promise<void> {
    if (!this.isWorking) return;
    try {
      await this.options.queue.abandon(lease, this.services.stuck.takeDelayMs(lease.runId));
    } catch (error) {
      this.needsReconciling = true;
      this.options.listener.fault('could not give a run up; trying again', error, { runId: lease.runId });
    }
  }

  private onBeat(): void {
    this.goOn();
    void this.reap();
  }

  /** While we were in doubt nothing began; what was held back may go on. */
  private goOn(): void {
    for (const run of this.runs.values()) run.goOn();
  }

  private async reap(): Promise<void> {
    try {
      if ((await this.options.queue.reap()) > 0) this.announceWork();
    } catch (error) {
      this.options.listener.fault('could not take over the runs of dead workers; trying again', error, {});
    }
  }

  private loseAll(): void {
    for (const run of this.runs.values()) run.lose();
  }

  private async untilEmpty(graceMs: number): Promise<void> {
    const { clock } = this.options;
    const deadline = clock.monotonicMs() + graceMs;
    while (this.runs.size + this.opening.size > 0 && clock.monotonicMs() < deadline) {
      await new Promise<void>((resolve) => clock.setTimer(DRAIN_POLL_MS, resolve));
    }
  }
}

const MAX_CLAIM = 128;
const DRAIN_POLL_MS = 20;
const HAND_BACK_MS = 2_000;
