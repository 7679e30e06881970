import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import { modelFailure } from '../model-failures.js';
import type { ModelAnswer, ModelUsage } from '../model-provider.js';
import { broken } from './openai-failures.js';

/** Puts the chunks of a stream together. What arrives is not trusted to be what the types of the SDK promise. */
export class AnswerAssembly {
  private text = '';
  private finishReason: string | undefined;
  private usage: ModelUsage | undefined;

  /** Answers the piece of text that the chunk brought, `''` when it brought none. */
  add(chunk: ChatCompletionChunk): string {
    const choice = (chunk as Partial<ChatCompletionChunk> | null)?.choices?.[0];
    this.usage = usageOf(chunk) ?? this.usage;
    this.finishReason = choice?.finish_reason ?? this.finishReason;
    const piece = choice?.delta?.content;
    if (typeof piece !== 'string') return '';
    this.text += piece;
    return piece;
  }

  /** @throws {StepFailure} when the stream ended before its answer did */
  finish(): ModelAnswer {
    return checkedAnswer(this.text, this.finishReason, this.usage);
  }
}

/** @throws {StepFailure} when the body is no answer */
export function answerOf(completion: ChatCompletion): ModelAnswer {
  const choice = (completion as Partial<ChatCompletion> | null)?.choices?.[0];
  return checkedAnswer(choice?.message?.content ?? '', choice?.finish_reason ?? undefined, usageOf(completion));
}

function checkedAnswer(text: string, finishReason: string | undefined, usage: ModelUsage | undefined): ModelAnswer {
  if (finishReason === undefined) throw broken('The answer ended without a finish reason');
  if (finishReason === 'content_filter') {
    throw modelFailure('MODEL_ANSWER_FILTERED', 'The provider withheld the answer by its content filter');
  }
  if (finishReason === 'tool_calls' || finishReason === 'function_call') {
    throw modelFailure('MODEL_ANSWER_UNSUPPORTED', 'The model called a tool although it was given none');
  }
  if (text === '') throw modelFailure('MODEL_ANSWER_EMPTY', 'The answer holds no text');
  return { text, finishReason: finishReason === 'length' ? 'length' : 'stop', usage };
}

function usageOf(answer: ChatCompletion | ChatCompletionChunk): ModelUsage | undefined {
  const usage = (answer as Partial<ChatCompletion> | null)?.usage;
  if (!usage) return undefined;
  return { inputTokens: usage.prompt_tokens ?? 0, outputTokens: usage.completion_tokens ?? 0 };
}
