import { StepFailure } from '../../engine/index.js';
import type { ModelChoice } from './model-choice.js';

/** Calls remembered at once; beyond it the oldest is forgotten, and begins with its first choice again. */
const REMEMBERED = 10_000;

/**
 * Remembers, by idempotency key, whose answer broke off after a part of it had been given out: nobody else can take
 * over then, so the next attempt begins with the next in the chain.
 *
 * In memory: after a crash the first choice is asked again, which is right as well.
 */
export class InterruptedAnswers {
  private readonly nextByKey = new Map<string, number>();

  /** The chain, beginning with the one after whom broke off last. */
  orderFor(key: string, chain: readonly ModelChoice[]): readonly ModelChoice[] {
    const next = (this.nextByKey.get(key) ?? 0) % chain.length;
    return [...chain.slice(next), ...chain.slice(0, next)];
  }

  /** Answers the failure to end the attempt with: one that may be tried again while somebody else is left to ask. */
  note(key: string, chain: readonly ModelChoice[], choice: ModelChoice, failure: StepFailure): StepFailure {
    const next = chain.indexOf(choice) + 1;
    this.remember(key, next);
    if (failure.retryable || next >= chain.length) return failure;
    const { code, message, details } = failure;
    return new StepFailure({ code, message, ...(details && { details }) }, { retryable: true, cause: failure });
  }

  forget(key: string): void {
    this.nextByKey.delete(key);
  }

  private remember(key: string, next: number): void {
    this.nextByKey.delete(key);
    this.nextByKey.set(key, next);
    const [oldest] = this.nextByKey.keys();
    if (this.nextByKey.size > REMEMBERED && oldest !== undefined) this.nextByKey.delete(oldest);
  }
}
