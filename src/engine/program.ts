import type { FailureInfo } from './errors.js';

/** An event of a run's stream, before it has a number. `data` is JSON; names are those of events.json. */
export interface RunEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The code of a run kind: a plain async function whose outside work happens in steps.
 *
 * It is run again from the start after a crash or a wait, with recorded results in place of finished steps. So it
 * must ask for the same keys given the same results: no clock, no randomness, no I/O of its own, no racing.
 * It may be dropped at any await (its promises then never settle), so it holds no resources outside steps.
 */
export type Program<I, O> = (ctx: RunContext, input: I) => Promise<O>;

export interface ProgramDefinition<I = unknown, O = unknown> {
  readonly kind: string;
  /** Of new runs. Raise it whenever the program would ask for other keys given the same journal. */
  readonly version: number;
  /** Older versions whose journals it can replay. Default: none. */
  readonly replays?: readonly number[];
  readonly run: Program<I, O>;
  /** What `execution.completed` carries besides `run_id`. Default: `{ output }`. */
  readonly completed?: (output: O) => Readonly<Record<string, unknown>>;
}

export interface RunContext {
  readonly runId: string;
  readonly ownerId: string;
  readonly projectId: string | null;
  readonly traceId: string;
  /** The version the run was started with: a program that replays older ones branches on it. */
  readonly version: number;
  /** Aborted when the run is cancelled or lost here. Steps have their own in `StepContext`. */
  readonly signal: AbortSignal;

  /**
   * Does `work` once and answers its recorded result: serialised, masked, and the same after a crash.
   *
   * @param key unique within the run, e.g. `node:translator-1`, `llm:3`
   * Work that throws `StepHeld` pauses the tree, and begins again when it is resumed.
   *
   * @throws {RecordedFailure} when the attempts are used up or the failure is final
   */
  step<T>(key: string, work: (step: StepContext) => Promise<T>, options?: StepOptions<T>): Promise<T>;

  /**
   * A step whose only effect is on the database: `work`, its result and its events commit in one transaction.
   * @param work gets the transaction (in this product a TypeORM EntityManager) and must use nothing else
   */
  transact<T>(key: string, work: (tx: unknown) => Promise<T>, options?: TransactOptions<T>): Promise<T>;

  /** Appends an event, once per key however often the program is replayed. Committed before any later step's result. */
  emit(key: string, event: RunEvent): void;

  /**
   * Waits for a signal of that key: an approval, an answer. The run leaves memory meanwhile.
   * A signal that came early is kept.
   * @throws {RecordedFailure} code `WAIT_TIMED_OUT` after `timeoutMs`
   */
  waitFor<T>(key: string, options?: WaitOptions<T>): Promise<T>;

  /** Sleeps until an instant. A sleeping run holds no memory. An instant in the past is over at once. */
  sleepUntil(key: string, at: Date): Promise<void>;

  /**
   * Starts a child run and answers its output. It inherits owner, project, trace and cancel, and is started once.
   * @throws {RecordedFailure} with the child's error, or code `CHILD_CANCELLED`
   */
  child<I, O>(key: string, kind: string, input: I, options?: ChildOptions): Promise<O>;

  now(key: string): Promise<Date>;
  uuid(key: string): Promise<string>;
}

export interface StepContext {
  readonly runId: string;
  readonly key: string;
  /** Counted from 1; grows with each failed, cut or held attempt and with each takeover of the run. */
  readonly attempt: number;
  /** The same in every attempt, to be handed to outside services. */
  readonly idempotencyKey: string;
  /** Aborted when the run is cancelled, lost or drained, or the attempt's time is over. */
  readonly signal: AbortSignal;
  /** Streams a piece of text to subscribers. Not recorded: the step's result is. */
  chunk(text: string): void;
  /** An event that commits with the step's result, before the result's own event. Dropped when the attempt fails. */
  emit(event: RunEvent): void;
}

export interface RetryPolicy {
  /** Attempts in all, 1 to 100. */
  readonly maxAttempts: number;
  /** Wait after the first failure, doubled with each further one. Default 500. */
  readonly baseDelayMs?: number;
  /** Default 60,000. */
  readonly maxDelayMs?: number;
}

export interface StepOptions<T = unknown> {
  /** Default: one attempt. Only failures thrown as `StepFailure` with `retryable` are tried again. */
  readonly retry?: RetryPolicy;
  /** Of one attempt. Its end is a retryable failure, code `STEP_TIMED_OUT`. Default: none. */
  readonly timeoutMs?: number;
  /**
   * What becomes of it when the process died in the middle. `retry` (default): it runs again, with the same
   * idempotency key. `fail`: it fails with `STEP_INTERRUPTED`. `ask`: a person decides, by `approval.requested`.
   * The latter two commit the step's start first.
   */
  readonly onInterrupted?: 'retry' | 'ask' | 'fail';
  /**
   * Let the program go on with the result while it is being committed. For work that may be done again, with another
   * result, as long as nothing that follows is committed: reading, or a tool that may be retried. Nothing is committed
   * before it, and no text of a later step is heard before it. Ignored while other results are on their way.
   * One that cannot be stored ends the run, and nothing that followed is kept. Default: false.
   */
  readonly overlapsCommit?: boolean;
  /** The event that stands for the result in place of `execution.step.completed`. */
  readonly completed?: (result: T, info: StepInfo) => RunEvent;
  /** What `emit` would be told of the result at once: events by their keys, which commit with it and follow it. */
  readonly emits?: (result: T) => ReadonlyArray<readonly [key: string, event: RunEvent]>;
  /** In place of `execution.step.failed`. */
  readonly failed?: (failure: FailureInfo, info: StepInfo) => RunEvent;
  /** In place of `execution.step.retrying`, with the attempt that failed. */
  readonly retrying?: (failure: FailureInfo, info: StepInfo & { readonly delayMs: number }) => RunEvent;
}

export interface StepInfo {
  readonly key: string;
  readonly attempt: number;
  readonly durationMs: number;
}

export interface TransactOptions<T = unknown> {
  readonly completed?: (result: T, info: StepInfo) => RunEvent;
  /** Appended in the same transaction, before the result's event. */
  readonly events?: (result: T) => readonly RunEvent[];
}

export interface WaitOptions<T = unknown> {
  /** Announces the wait. Default: none. */
  readonly requested?: RunEvent;
  /** Stands for its end in place of `execution.step.completed`. */
  readonly resolved?: (answer: T) => RunEvent;
  /** From the moment of the request. Default: forever. */
  readonly timeoutMs?: number;
}

export interface ChildOptions {
  readonly timeoutMs?: number;
  readonly refs?: Readonly<Record<string, string | number>>;
  /** Announces the child in the parent's stream, in the transaction that starts it. */
  readonly started?: (childRunId: string) => RunEvent;
}
