import type { GenerateContentResponse, Part } from '@google/genai';
import { type AnswerAssembly, type AnswerEnd, finishedAnswer } from '../finished-answer.js';
import type { ModelAnswer, ModelUsage } from '../model-provider.js';

const ENDS: Readonly<Record<string, AnswerEnd>> = {
  STOP: 'stop',
  MAX_TOKENS: 'length',
  SAFETY: 'filtered',
  RECITATION: 'filtered',
  BLOCKLIST: 'filtered',
  PROHIBITED_CONTENT: 'filtered',
  SPII: 'filtered',
  LANGUAGE: 'filtered',
  UNEXPECTED_TOOL_CALL: 'tool',
  TOO_MANY_TOOL_CALLS: 'tool',
};

/** A whole answer is one chunk, so it is put together in the same way. */
export class GeminiAnswerAssembly implements AnswerAssembly<GenerateContentResponse> {
  private text = '';
  private end: AnswerEnd | undefined;
  private hasToolCall = false;
  private usage: ModelUsage | undefined;

  add(chunk: GenerateContentResponse): string {
    const candidate = chunk?.candidates?.[0];
    const parts = Array.isArray(candidate?.content?.parts) ? candidate.content.parts : [];
    if (chunk?.promptFeedback?.blockReason) this.end = 'filtered';
    if (candidate?.finishReason) this.end = ENDS[candidate.finishReason] ?? 'broken';
    this.hasToolCall ||= parts.some((part) => part.functionCall !== undefined);
    this.usage = usageOf(chunk) ?? this.usage;
    const piece = parts.map(spokenText).join('');
    this.text += piece;
    return piece;
  }

  /** A call of a tool ends with `STOP` as well. */
  finish(): ModelAnswer {
    return finishedAnswer(this.text, this.hasToolCall && this.end === 'stop' ? 'tool' : this.end, this.usage);
  }
}

/** @throws {StepFailure} when the body is no answer */
export function geminiAnswer(response: GenerateContentResponse): ModelAnswer {
  const assembly = new GeminiAnswerAssembly();
  assembly.add(response);
  return assembly.finish();
}

/** Without the model's thoughts. */
function spokenText({ text, thought }: Part): string {
  return typeof text === 'string' && thought !== true ? text : '';
}

/** Thoughts are paid for as output, and counted apart. */
function usageOf(response: GenerateContentResponse): ModelUsage | undefined {
  const usage = response?.usageMetadata;
  if (!usage) return undefined;
  const outputTokens = (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0);
  return { inputTokens: usage.promptTokenCount ?? 0, outputTokens };
}
