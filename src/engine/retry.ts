import { EngineError, messageOf, StepFailure, toFailureInfo, type FailureInfo } from './errors.js';
import type { RetryPolicy } from './program.js';

/** How an attempt failed, as data: the rule reads fields, never message texts. */
export interface AttemptFailure {
  readonly info: FailureInfo;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
}

export type FailureDecision = { readonly kind: 'retry'; readonly delayMs: number } | { readonly kind: 'fail' };

export const ONE_ATTEMPT: RetryPolicy = { maxAttempts: 1 };

const DEFAULT_BASE_DELAY_MS = 500;
const DEFAULT_MAX_DELAY_MS = 60_000;

/**
 * Decides what follows a failed attempt. Pure: reads no clock and draws no random number.
 *
 * The wait doubles per failure, with "equal jitter" (half fixed, half random) so that many clients of one failing
 * service do not come back at the same instant:
 * `cap/2 + random * cap/2` with `cap = min(maxDelayMs, baseDelayMs * 2 ** (failures - 1))`.
 * A longer wait that the outside asked for (Retry-After) is honoured, up to ten times `maxDelayMs`.
 *
 * @param failures failed attempts so far, this one included, from 1
 * @param random a number in [0, 1)
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function decideAfterFailure(
  failures: number,
  failure: AttemptFailure,
  policy: RetryPolicy,
  random: number,
): FailureDecision {
  if (!failure.retryable || failures >= policy.maxAttempts) return { kind: 'fail' };
  const maxDelayMs = policy.maxDelayMs ?? DEFAULT_MAX_DELAY_MS;
  const cap = Math.min(maxDelayMs, (policy.baseDelayMs ?? DEFAULT_BASE_DELAY_MS) * 2 ** (failures - 1));
  const backoffMs = Math.round(cap / 2 + (random * cap) / 2);
  const askedMs = Math.min(failure.retryAfterMs ?? 0, maxDelayMs * 10);
  return { kind: 'retry', delayMs: Math.max(backoffMs, askedMs) };
}

/** Reads what a step's work threw. Anything but a `StepFailure` is a bug and final. */
export function toAttemptFailure(error: unknown): AttemptFailure {
  const isForeseen = error instanceof StepFailure || error instanceof EngineError;
  const info = toFailureInfo(isForeseen ? error : { code: 'STEP_ERROR', message: messageOf(error) });
  if (!(error instanceof StepFailure)) return { info, retryable: false, retryAfterMs: undefined };
  return { info, retryable: error.retryable, retryAfterMs: error.retryAfterMs };
}
