import { describe, expect, it } from 'vitest';
import { failureOfAll, firstToAnswer } from './fallback-chain.js';
import { modelFailure, type ModelFailureCode } from './model-failures.js';

const CHAIN = ['a', 'b', 'c'].map((providerId) => ({ providerId, model: 'm' }));

function failed(providerId: string, code: ModelFailureCode, retryAfterMs?: number) {
  return { providerId, model: 'm', failure: modelFailure(code, `${providerId} failed`, { retryAfterMs }) };
}

describe('firstToAnswer', () => {
  it('asks in order until one answers, and tells who failed', async () => {
    const asked: string[] = [];
    const answer = await firstToAnswer(CHAIN, async ({ providerId }) => {
      asked.push(providerId);
      if (providerId === 'a') throw failed('a', 'MODEL_CREDENTIALS_REFUSED').failure;
      return { text: 'yes' };
    });
    expect(answer).toMatchObject({ text: 'yes', failed: [{ providerId: 'a' }] });
    expect(asked).toEqual(['a', 'b']);
  });

  it.each([
    ['a call that was given up', failed('a', 'MODEL_CALL_ABORTED').failure, false],
    ['a bug', new TypeError('bug'), false],
    ['one that had begun', failed('a', 'MODEL_UNAVAILABLE').failure, true],
  ])('asks nobody else after %s', async (_, error, begun) => {
    let asked = 0;
    const call = firstToAnswer(
      CHAIN,
      async () => {
        asked += 1;
        throw error;
      },
      () => begun,
    );
    await expect(call).rejects.toBe(error);
    expect(asked).toBe(1);
  });
});

describe('failureOfAll', () => {
  it('is the failure of the only one', () => {
    const only = failed('a', 'MODEL_UNAVAILABLE');
    expect(failureOfAll([only])).toBe(only.failure);
  });

  it('may be tried again when one of them may, as soon as that one says', () => {
    const all = [
      failed('a', 'MODEL_CREDENTIALS_REFUSED'),
      failed('b', 'MODEL_RATE_LIMITED', 9000),
      failed('c', 'MODEL_RATE_LIMITED', 4000),
    ];
    expect(failureOfAll(all)).toMatchObject({
      code: 'MODEL_RATE_LIMITED',
      message: 'c failed',
      retryable: true,
      retryAfterMs: 4000,
      details: { tried: [{ provider_id: 'a', model: 'm', code: 'MODEL_CREDENTIALS_REFUSED' }, {}, {}] },
    });
  });

  it('is final when all are', () => {
    const all = [failed('a', 'MODEL_CREDENTIALS_REFUSED'), failed('b', 'MODEL_REQUEST_REFUSED')];
    expect(failureOfAll(all)).toMatchObject({ code: 'MODEL_CREDENTIALS_REFUSED', retryable: false });
  });
});
