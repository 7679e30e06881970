import { broken } from './call-failures.js';
import { modelFailure } from './model-failures.js';
import type { ModelAnswer, ModelUsage } from './model-provider.js';

/** How an answer ended. `tool`: by a call of a tool. `broken`: by a fault that the provider admits. */
export type AnswerEnd = 'stop' | 'length' | 'filtered' | 'tool' | 'broken';

/** Puts the chunks of a stream together. What arrives is not trusted to be what the types of an SDK promise. */
export interface AnswerAssembly<Chunk> {
  /** Answers the piece of text that the chunk brought, `''` when it brought none. */
  add(chunk: Chunk): string;
  /** @throws {StepFailure} when the stream ended before its answer did */
  finish(): ModelAnswer;
}

/** @throws {StepFailure} when what came is no whole answer */
export function finishedAnswer(text: string, end: AnswerEnd | undefined, usage: ModelUsage | undefined): ModelAnswer {
  if (end === undefined) throw broken('The answer ended without a finish reason');
  if (end === 'broken') throw broken('The provider broke the answer off');
  if (end === 'filtered') {
    throw modelFailure('MODEL_ANSWER_FILTERED', 'The provider withheld the answer by its content filter');
  }
  if (end === 'tool') {
    throw modelFailure('MODEL_ANSWER_UNSUPPORTED', 'The model called a tool although it was given none');
  }
  if (text === '') throw modelFailure('MODEL_ANSWER_EMPTY', 'The answer holds no text');
  return { text, finishReason: end, usage };
}
