import { describe, expect, it } from 'vitest';
import { RunTooLongError, StepFailure } from './errors.js';
import { decideAfterFailure, toAttemptFailure, type AttemptFailure } from './retry.js';

const policy = { maxAttempts: 5, baseDelayMs: 100, maxDelayMs: 1_000 };
const passing: AttemptFailure = { info: { code: 'X', message: 'x' }, retryable: true, retryAfterMs: undefined };

describe(decideAfterFailure.name, () => {
  it('doubles the wait, of which half is chance', () => {
    const delays = [1, 2, 3].map((failures) => [
      decideAfterFailure(failures, passing, policy, 0),
      decideAfterFailure(failures, passing, policy, 0.999_999),
    ]);
    expect(delays).toEqual([
      [
        { kind: 'retry', delayMs: 50 },
        { kind: 'retry', delayMs: 100 },
      ],
      [
        { kind: 'retry', delayMs: 100 },
        { kind: 'retry', delayMs: 200 },
      ],
      [
        { kind: 'retry', delayMs: 200 },
        { kind: 'retry', delayMs: 400 },
      ],
    ]);
  });

  it('never waits longer than the maximum by itself', () => {
    expect(decideAfterFailure(4, passing, { ...policy, baseDelayMs: 900 }, 0.999_999)).toEqual({
      kind: 'retry',
      delayMs: 1_000,
    });
  });

  it('waits as long as the outside asked for, within ten times the maximum', () => {
    const asked = (retryAfterMs: number) => decideAfterFailure(1, { ...passing, retryAfterMs }, policy, 0);
    expect(asked(7_000)).toEqual({ kind: 'retry', delayMs: 7_000 });
    expect(asked(3_600_000)).toEqual({ kind: 'retry', delayMs: 10_000 });
  });

  it('gives up when the attempts are used up or the failure is final', () => {
    expect(decideAfterFailure(5, passing, policy, 0)).toEqual({ kind: 'fail' });
    expect(decideAfterFailure(1, { ...passing, retryable: false }, policy, 0)).toEqual({ kind: 'fail' });
  });
});

describe(toAttemptFailure.name, () => {
  it('reads the fields of a step failure', () => {
    const failure = new StepFailure(
      { code: 'RATE_LIMITED', message: 'slow down', details: { model: 'm' } },
      { retryable: true, retryAfterMs: 2_000 },
    );
    expect(toAttemptFailure(failure)).toEqual({
      info: { code: 'RATE_LIMITED', message: 'slow down', details: { model: 'm' } },
      retryable: true,
      retryAfterMs: 2_000,
    });
  });

  it('takes any other error for a bug, which trying again does not mend', () => {
    expect(toAttemptFailure(new TypeError('oops'))).toMatchObject({ info: { code: 'STEP_ERROR' }, retryable: false });
    expect(toAttemptFailure('text')).toMatchObject({ info: { code: 'STEP_ERROR', message: 'text' } });
    expect(toAttemptFailure(new RunTooLongError('long'))).toMatchObject({ info: { code: 'RUN_TOO_LONG' } });
  });
});
