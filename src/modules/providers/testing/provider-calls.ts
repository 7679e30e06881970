import { expect } from 'vitest';
import { StepFailure } from '../../../engine/index.js';
import type { ModelAnswer, ModelProvider, ModelRequest } from '../model-provider.js';

export interface StreamedAnswer {
  readonly pieces: readonly string[];
  readonly answer: ModelAnswer;
}

/** Reads a stream to its end. */
export async function streamed(
  provider: ModelProvider,
  request: ModelRequest,
  signal: AbortSignal = new AbortController().signal,
): Promise<StreamedAnswer> {
  const pieces: string[] = [];
  const generator = provider.stream(request, { signal, idempotencyKey: 'call-1' });
  for (;;) {
    const next = await generator.next();
    if (next.done) return { pieces, answer: next.value };
    pieces.push(next.value);
  }
}

export async function failureOf(call: Promise<unknown>): Promise<StepFailure> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StepFailure);
  return error as StepFailure;
}
