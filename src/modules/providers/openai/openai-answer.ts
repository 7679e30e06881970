import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import { type AnswerAssembly, type AnswerEnd, finishedAnswer } from '../finished-answer.js';
import type { ModelAnswer, ModelUsage } from '../model-provider.js';

export class OpenAiAnswerAssembly implements AnswerAssembly<ChatCompletionChunk> {
  private text = '';
  private finishReason: string | undefined;
  private usage: ModelUsage | undefined;

  add(chunk: ChatCompletionChunk): string {
    const choice = (chunk as Partial<ChatCompletionChunk> | null)?.choices?.[0];
    this.usage = usageOf(chunk) ?? this.usage;
    this.finishReason = choice?.finish_reason ?? this.finishReason;
    const piece = choice?.delta?.content;
    if (typeof piece !== 'string') return '';
    this.text += piece;
    return piece;
  }

  finish(): ModelAnswer {
    return finishedAnswer(this.text, endOf(this.finishReason), this.usage);
  }
}

/** @throws {StepFailure} when the body is no answer */
export function openAiAnswer(completion: ChatCompletion): ModelAnswer {
  const choice = (completion as Partial<ChatCompletion> | null)?.choices?.[0];
  return finishedAnswer(choice?.message?.content ?? '', endOf(choice?.finish_reason), usageOf(completion));
}

/** Some that are compatible have reasons of their own; what is unknown counts as an end. */
function endOf(finishReason: string | null | undefined): AnswerEnd | undefined {
  if (finishReason === null || finishReason === undefined) return undefined;
  if (finishReason === 'content_filter') return 'filtered';
  if (finishReason === 'tool_calls' || finishReason === 'function_call') return 'tool';
  if (finishReason === 'error') return 'broken';
  return finishReason === 'length' ? 'length' : 'stop';
}

function usageOf(answer: ChatCompletion | ChatCompletionChunk): ModelUsage | undefined {
  const usage = (answer as Partial<ChatCompletion> | null)?.usage;
  if (!usage) return undefined;
  return { inputTokens: usage.prompt_tokens ?? 0, outputTokens: usage.completion_tokens ?? 0 };
}
