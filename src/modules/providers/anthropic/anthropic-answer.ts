import type { Message, RawMessageStreamEvent } from '@anthropic-ai/sdk/resources/messages';
import { type AnswerAssembly, type AnswerEnd, finishedAnswer } from '../finished-answer.js';
import type { ModelAnswer, ModelUsage } from '../model-provider.js';

/** The counts that the start, the end and a whole message have in common. */
interface Counts {
  readonly input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly output_tokens?: number | null;
}

export class AnthropicAnswerAssembly implements AnswerAssembly<RawMessageStreamEvent> {
  private text = '';
  private stopReason: string | null | undefined;
  private usage: ModelUsage | undefined;

  add(event: RawMessageStreamEvent): string {
    if (event.type === 'message_start') this.usage = usageOf(event.message?.usage);
    if (event.type === 'message_delta') this.end(event.delta?.stop_reason, event.usage);
    if (event.type !== 'content_block_delta' || event.delta?.type !== 'text_delta') return '';
    const piece = event.delta.text;
    if (typeof piece !== 'string') return '';
    this.text += piece;
    return piece;
  }

  finish(): ModelAnswer {
    return finishedAnswer(this.text, endOf(this.stopReason), this.usage);
  }

  /** The end tells all counts, or the output alone. */
  private end(stopReason: string | null | undefined, counts: Counts | undefined): void {
    this.stopReason = stopReason ?? this.stopReason;
    const told = usageOf(counts);
    if (!told) return;
    const inputTokens = typeof counts?.input_tokens === 'number' ? told.inputTokens : this.usage?.inputTokens;
    this.usage = { inputTokens: inputTokens ?? 0, outputTokens: told.outputTokens };
  }
}

/** @throws {StepFailure} when the body is no answer */
export function anthropicAnswer(message: Message): ModelAnswer {
  const { content, stop_reason: stopReason, usage } = (message ?? {}) as Partial<Message>;
  const texts = Array.isArray(content) ? content.flatMap((block) => (block.type === 'text' ? [block.text] : [])) : [];
  return finishedAnswer(texts.join(''), endOf(stopReason), usageOf(usage));
}

/** A paused turn waits for tools of the server, which are never given. What is unknown counts as an end. */
function endOf(stopReason: string | null | undefined): AnswerEnd | undefined {
  if (stopReason === null || stopReason === undefined) return undefined;
  if (stopReason === 'refusal') return 'filtered';
  if (stopReason === 'tool_use' || stopReason === 'pause_turn') return 'tool';
  return stopReason === 'max_tokens' || stopReason === 'model_context_window_exceeded' ? 'length' : 'stop';
}

/** `input_tokens` leaves out what came from the cache or went into it. */
function usageOf(counts: Counts | undefined): ModelUsage | undefined {
  if (!counts) return undefined;
  const { input_tokens: fresh, cache_creation_input_tokens: written, cache_read_input_tokens: read } = counts;
  return { inputTokens: (fresh ?? 0) + (written ?? 0) + (read ?? 0), outputTokens: counts.output_tokens ?? 0 };
}
