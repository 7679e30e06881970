import { RunTooLongError } from './errors.js';
import type { RunLimits } from './limits.js';
import type { EffectWork, Lease, NewRow } from './ports/journal.js';
import type { EngineListener } from './ports/listener.js';
import type { NewRun } from './ports/run-queue.js';
import type { RunEvent } from './program.js';
import type { Replay } from './replay.js';
import { stepFailed, type RowFactory, type SettlementRow } from './row-factory.js';
import type { RunMailbox } from './run-mailbox.js';
import type { EntryOutcome, RunWriter } from './run-writer.js';

export interface AppenderHost {
  readonly lease: Lease;
  readonly rows: RowFactory;
  readonly mailbox: RunMailbox;
  readonly listener: EngineListener;
  readonly limits: RunLimits;
  /** The run left this process: nothing of it is heard any more. */
  readonly isGone: boolean;
  putBlob(json: string): Promise<string>;
  /** A child of the run is claimable. */
  childStarted(): void;
  /** The run cannot go on. */
  endProgram(end: { readonly error: unknown }): void;
  /** Nor could it from where its program is by now: what that said since is dropped, its end too. */
  endEarlier(error: unknown): void;
  /** Called after whoever waited for the commit has been told. */
  afterCommit(outcome: EntryOutcome): void;
}

/** How a settlement is committed. */
export interface SettleOptions {
  /** Rows that commit with it. */
  readonly before: readonly NewRow[];
  readonly after: readonly NewRow[];
  /** The program may hear of it while it is being committed. */
  readonly overlapsCommit: boolean;
}

export const PLAINLY: SettleOptions = { before: [], after: [], overlapsCommit: false };

export interface Effect {
  readonly work: EffectWork;
  readonly rows: () => readonly NewRow[];
  readonly committed: () => void;
  readonly refused: (error: unknown) => void;
  readonly over: () => void;
}

/** What a run in memory has to say to its journal: rows, children, effects, settlements; and how much it said. */
export class RunAppender {
  private stepCount: number;
  private byteCount: number;
  /** Large results on their way into a blob. */
  private blobsInFlight = 0;
  /** Settlements and effects on their way that the program has not heard of. */
  private unheard = 0;
  /** Settlements on their way that it has. */
  private heard = 0;
  /** What must not be said before those are committed. */
  private readonly saidAfter: Array<() => void> = [];

  constructor(
    private readonly host: AppenderHost,
    private readonly writer: RunWriter,
    replay: Replay,
  ) {
    this.stepCount = replay.steps;
    this.byteCount = replay.bytes;
  }

  /** Everything said so far is committed. */
  get isIdle(): boolean {
    return this.writer.isIdle && this.blobsInFlight === 0;
  }

  /** Appends rows; `then(false)` when the run was lost or is over. */
  push(rows: readonly NewRow[], then: (committed: boolean) => void = () => undefined): void {
    this.append(rows, [], (outcome) => {
      then(outcome.kind === 'committed');
      if (outcome.kind === 'refused') this.host.endProgram({ error: outcome.error });
    });
  }

  pushChild(child: NewRun, rows: readonly NewRow[]): void {
    this.append(rows, [child], (outcome) => {
      if (outcome.kind === 'committed') this.host.childStarted();
      else if (outcome.kind === 'refused') this.host.endProgram({ error: outcome.error });
    });
  }

  pushEffect(effect: Effect): void {
    this.unheard += 1;
    this.writer.push({
      kind: 'effect',
      work: effect.work,
      rows: effect.rows,
      settle: (outcome) => {
        this.unheard -= 1;
        if (!this.host.isGone && outcome.kind === 'committed') effect.committed();
        if (!this.host.isGone && outcome.kind === 'refused') effect.refused(outcome.error);
        effect.over();
        this.host.afterCommit(outcome);
      },
    });
  }

  /** Says something of the run that is not recorded: at once, but not before what the program has already heard of. */
  sayInOrder(say: () => void): void {
    if (this.heard === 0) say();
    else this.saidAfter.push(say);
  }

  /**
   * Appends a settlement, with the events that go with it, and hands it to the program once it is committed; or at once,
   * where it may be and the journal will have it in the same place.
   */
  settle(key: string, options: SettleOptions, settled: SettlementRow): void {
    this.stepCount += 1;
    if (options.overlapsCommit && this.unheard === 0) this.settleEarly(key, options, settled);
    else this.settleInTurn(key, options, settled);
  }

  private settleInTurn(key: string, { before, after }: SettleOptions, { row, settlement }: SettlementRow): void {
    this.unheard += 1;
    this.append([...before, row, ...after], [], (outcome) => {
      this.unheard -= 1;
      if (outcome.kind === 'committed') {
        this.host.listener.stepEnded(this.host.lease, key);
        this.host.mailbox.deliver(settlement);
      } else if (outcome.kind === 'refused') {
        this.settleRefused(key, settlement.kind === 'failure', outcome.error);
      }
    });
  }

  private settleEarly(key: string, { before, after }: SettleOptions, { row, settlement }: SettlementRow): void {
    this.heard += 1;
    this.append([...before, row, ...after], [], (outcome) => {
      this.heard -= 1;
      if (outcome.kind === 'committed') this.host.listener.stepEnded(this.host.lease, key);
      else this.takeBack(outcome);
      if (this.heard === 0) for (const say of this.saidAfter.splice(0)) say();
    });
    this.host.mailbox.deliver(settlement);
  }

  /** The program went on with what is not in the journal, and cannot be told otherwise any more. */
  private takeBack(outcome: EntryOutcome): void {
    this.saidAfter.length = 0;
    if (outcome.kind === 'refused') this.host.endEarlier(outcome.error);
  }

  /**
   * The same for a value, which goes to a blob when it is large.
   * @throws {UnstorableValueError}
   */
  settleValue(key: string, options: SettleOptions, value: unknown, event: RunEvent): void {
    const settled = this.host.rows.result(key, value, event);
    if (settled) this.settle(key, options, settled);
    else void this.settleBlob(key, options, this.host.rows.encode(value), event);
  }

  private async settleBlob(key: string, options: SettleOptions, json: string, event: RunEvent): Promise<void> {
    this.blobsInFlight += 1;
    this.byteCount += json.length;
    const blobId = await this.host.putBlob(json);
    this.blobsInFlight -= 1;
    if (this.host.isGone) return;
    try {
      this.settle(key, options, this.host.rows.blobResult(key, blobId, json, event));
    } catch (error) {
      this.settleRefused(key, false, error);
    }
  }

  /** The journal would not take a result: the step fails instead. A failure that is refused too ends the run. */
  private settleRefused(key: string, wasFailure: boolean, error: unknown): void {
    if (wasFailure) return this.host.endProgram({ error });
    const info = { code: 'VALUE_NOT_STORABLE', message: 'The result cannot be stored' };
    const event = stepFailed(info, { key, attempt: 1, durationMs: 0 });
    this.settle(key, PLAINLY, this.host.rows.failure(key, info, event));
  }

  private append(rows: readonly NewRow[], children: readonly NewRun[], settle: (outcome: EntryOutcome) => void): void {
    for (const row of rows) this.byteCount += row.payload.length + (row.record?.length ?? 0);
    this.writer.push({
      kind: 'rows',
      rows,
      children,
      settle: (outcome) => {
        settle(this.host.isGone ? { kind: 'lease_lost' } : outcome);
        this.host.afterCommit(outcome);
      },
    });
    this.checkLimits();
  }

  private checkLimits(): void {
    const { maxSteps, maxJournalBytes } = this.host.limits;
    if (this.stepCount <= maxSteps && this.byteCount <= maxJournalBytes) return;
    const details = { max_steps: maxSteps, max_bytes: maxJournalBytes };
    this.host.endProgram({ error: new RunTooLongError('The run grew too long; use child runs', details) });
  }
}
