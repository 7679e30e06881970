import { toFailureInfo, type FailureInfo } from './errors.js';
import type { NewRow } from './ports/journal.js';
import type { StepContext, StepInfo, StepOptions } from './program.js';
import { decideAfterFailure, ONE_ATTEMPT, toAttemptFailure, type AttemptFailure } from './retry.js';
import { stepCompleted, stepFailed, stepHeld, stepRetrying, stepStarted } from './row-factory.js';
import { PLAINLY } from './run-appender.js';
import type { RunSession } from './run-session.js';
import { StepAttempt } from './step-attempt.js';
import { StepHeld } from './step-held.js';
import { TextMask } from './text-mask.js';

interface Step {
  readonly key: string;
  readonly work: (step: StepContext) => Promise<unknown>;
  // Results are `unknown` in here; the program's own types stand at RunContext.
  readonly options: StepOptions<unknown>;
}

/** Does the work of steps: attempts, time limits, retries, and the rows that tell of them. */
export class StepRunner {
  /** Attempts under way; a step held back by a slot or a backoff does not count. */
  executing = 0;
  private readonly attempts = new Map<StepAttempt, Step>();
  private readonly backoffs = new Map<string, () => void>();
  /** What steps were held for since the run came into memory. */
  private readonly heldFor = new Set<string>();

  constructor(private readonly session: RunSession) {}

  start(key: string, work: Step['work'], options: StepOptions<unknown>): void {
    this.begin({ key, work, options });
  }

  /** Aborts what is under way; its results are not heard any more. */
  abort(reason: Error): void {
    for (const attempt of this.attempts.keys()) {
      attempt.abort(reason);
      this.end(attempt);
    }
    this.stopBackoffs();
  }

  /** For the journal, when what is under way is about to be aborted and done again elsewhere: as another attempt. */
  cutRows(): NewRow[] {
    const info = { code: 'STEP_HANDED_OVER', message: 'The server is shutting down; another one does the step again' };
    return [...this.attempts].map(([attempt, { key, options }]) => {
      const event = (options.retrying ?? stepRetrying)(info, { ...this.info(attempt), delayMs: 0 });
      return this.session.rows.event(event, { k: key, cut: true });
    });
  }

  /** Takes back what only waits for its next attempt: it is held until the run goes on. */
  stopBackoffs(): void {
    for (const [key, cancel] of this.backoffs) {
      cancel();
      this.session.mailbox.hold(key);
    }
    this.backoffs.clear();
  }

  private begin(step: Step): void {
    const { session } = this;
    session.slots.acquire(() => {
      if (!session.mayStart()) {
        session.slots.release();
        session.hold(step.key);
      } else if (step.options.onInterrupted === undefined || step.options.onInterrupted === 'retry') {
        void this.attempt(step);
      } else {
        this.beginGuarded(step);
      }
    });
  }

  private beginGuarded(step: Step): void {
    if (step.options.onInterrupted === 'fail' && this.session.replay.begun.has(step.key)) {
      this.session.slots.release();
      this.failInterrupted(step.key, step.options);
    } else {
      this.commitStart(step);
    }
  }

  failInterrupted(key: string, options: StepOptions<unknown>): void {
    const info = { code: 'STEP_INTERRUPTED', message: `The server stopped in the middle of the step ${key}` };
    const step = { key, attempt: this.attemptNumber(key), durationMs: 0 };
    this.session.guard(() => this.failFinally(key, info, step, options));
  }

  /** A step that must not be repeated silently is known to have begun before it begins. */
  private commitStart(step: Step): void {
    const event = stepStarted(step.key, this.attemptNumber(step.key));
    this.executing += 1;
    this.session.appender.push([this.session.rows.event(event, { k: step.key, begun: true })], (committed) => {
      this.executing -= 1;
      if (committed && this.session.isCurrent() && !this.session.isStopped) void this.attempt(step);
      else {
        this.session.slots.release();
        this.session.hold(step.key);
      }
    });
  }

  private async attempt(step: Step): Promise<void> {
    const { session } = this;
    const attempt: StepAttempt = new StepAttempt(
      session.lease,
      step.key,
      this.attemptNumber(step.key),
      session.clock.monotonicMs(),
      (chunk) => session.sendChunk(chunk, () => this.isHeard(attempt)),
      new TextMask(session.mask),
    );
    this.attempts.set(attempt, step);
    this.executing += 1;
    const stopTimer = this.limitTime(step, attempt);
    try {
      const result = await step.work(attempt);
      stopTimer();
      attempt.flush();
      await this.untilSaid(attempt);
      if (this.isHeard(attempt)) this.complete(step, attempt, result);
    } catch (error) {
      stopTimer();
      await this.untilSaid(attempt);
      if (this.isHeard(attempt)) this.giveUp(step, attempt, error);
    }
    this.end(attempt);
  }

  /** Readers hear of the end behind the text, and so it waits for whatever that waits for. */
  private async untilSaid({ hasSpoken }: StepAttempt): Promise<void> {
    if (hasSpoken) await new Promise<void>((said) => this.session.appender.sayInOrder(said));
  }

  private isHeard(attempt: StepAttempt): boolean {
    return this.attempts.has(attempt) && !this.session.isGone;
  }

  private end(attempt: StepAttempt): void {
    attempt.close();
    if (!this.attempts.delete(attempt)) return;
    this.executing -= 1;
    this.session.slots.release();
    this.session.mailbox.scheduleTurn();
  }

  private limitTime(step: Step, attempt: StepAttempt): () => void {
    const { timeoutMs } = step.options;
    if (timeoutMs === undefined) return () => undefined;
    return this.session.clock.setTimer(timeoutMs, () => {
      if (!this.isHeard(attempt)) return;
      const info = { code: 'STEP_TIMED_OUT', message: `The step ${step.key} took longer than ${timeoutMs} ms` };
      this.fail(step, attempt, { info, retryable: true, retryAfterMs: undefined });
      attempt.abort(new Error(info.message));
      this.end(attempt);
    });
  }

  private complete(step: Step, attempt: StepAttempt, result: unknown): void {
    const info = this.info(attempt);
    const before = attempt.events.map((event) => this.session.rows.event(event));
    const after = this.emitted(step.options.emits?.(result) ?? []);
    const event = step.options.completed?.(result, info) ?? stepCompleted(info);
    const { overlapsCommit = false } = step.options;
    this.session.appender.settleValue(step.key, { before, after, overlapsCommit }, result, event);
  }

  /** Told now: the program emits the same when it hears of the result, and is not heard a second time. */
  private emitted(events: ReturnType<NonNullable<StepOptions['emits']>>): NewRow[] {
    return events.map(([key, event]) => {
      this.session.replay.emitted.add(key);
      return this.session.rows.event(event, { k: key, emit: true });
    });
  }

  private giveUp(step: Step, attempt: StepAttempt, error: unknown): void {
    if (error instanceof StepHeld) this.session.guard(() => this.holdWithTree(step, attempt, error));
    else this.fail(step, attempt, toAttemptFailure(error));
  }

  /** Committed before the pause, so that a reader learns first why the run pauses. */
  private holdWithTree({ key }: Step, attempt: StepAttempt, held: StepHeld): void {
    const { about, event } = held.options;
    const isNews = !this.heldFor.has(about);
    this.heldFor.add(about);
    const announced = (isNews && event) || stepHeld(toFailureInfo(held), this.info(attempt));
    this.session.replay.holdAttempt(key);
    this.session.appender.push([this.session.rows.event(announced, { k: key, held: true })], (committed) => {
      if (!committed) return;
      this.session.hold(key);
      this.session.pauseTree();
    });
  }

  private fail(step: Step, attempt: StepAttempt, failure: AttemptFailure): void {
    this.session.guard(() => this.decide(step, attempt, failure));
  }

  private decide(step: Step, attempt: StepAttempt, failure: AttemptFailure): void {
    const failures = (this.session.replay.failedAttempts.get(step.key) ?? 0) + 1;
    this.session.replay.failedAttempts.set(step.key, failures);
    const policy = step.options.retry ?? ONE_ATTEMPT;
    const decision = decideAfterFailure(failures, failure, policy, this.session.clock.random());
    if (decision.kind === 'retry') this.retry(step, attempt, failure.info, decision.delayMs);
    else this.failFinally(step.key, failure.info, this.info(attempt), step.options);
  }

  private failFinally(
    key: string,
    info: FailureInfo,
    step: StepInfo,
    options: Pick<StepOptions<unknown>, 'failed'>,
  ): void {
    const event = (options.failed ?? stepFailed)(info, step);
    this.session.appender.settle(key, PLAINLY, this.session.rows.failure(key, info, event));
  }

  /** The failed attempt is committed before the next one: attempts are counted across crashes. */
  private retry(step: Step, attempt: StepAttempt, info: FailureInfo, delayMs: number): void {
    const event = (step.options.retrying ?? stepRetrying)(info, { ...this.info(attempt), delayMs });
    this.session.appender.push([this.session.rows.event(event, { k: step.key, tried: true })], (committed) => {
      if (committed) this.backOff(step, delayMs);
    });
  }

  private backOff(step: Step, delayMs: number): void {
    if (!this.session.mayStart()) {
      this.session.hold(step.key);
      return;
    }
    const cancel = this.session.clock.setTimer(delayMs, () => {
      this.backoffs.delete(step.key);
      this.begin(step);
    });
    this.backoffs.set(step.key, cancel);
  }

  private attemptNumber(key: string): number {
    const { replay } = this.session;
    return 1 + (replay.failedAttempts.get(key) ?? 0) + (replay.cutAttempts.get(key) ?? 0) + replay.takeovers;
  }

  private info(attempt: StepAttempt): StepInfo {
    const durationMs = this.session.clock.monotonicMs() - attempt.startedAtMs;
    return { key: attempt.key, attempt: attempt.attempt, durationMs };
  }
}
