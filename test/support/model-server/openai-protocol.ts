import type { AskedQuestion, ScriptedAnswer } from './script.js';

/** An answer in the words of one protocol: the whole body, or the frames of its stream. */
export interface ProtocolAnswer {
  readonly body: string;
  /** SSE data of the text pieces. */
  readonly textFrames: readonly string[];
  /** What ends the stream: finish reason, usage, `[DONE]`. */
  readonly endFrames: readonly string[];
}

interface ChatMessage {
  readonly role?: unknown;
  readonly content?: unknown;
}

/** Chat completions as OpenAI and those compatible with it speak them. */
export function answerInOpenAi(
  question: AskedQuestion & ChatRequest,
  answer: ScriptedAnswer,
  id: string,
): ProtocolAnswer {
  const text = answer.text ?? `Answer to: ${question.lastUserContent}`;
  const usage = usageOf(question.content, text);
  const base = { id: `chatcmpl-${id}`, created: 1_760_000_000, model: question.model };
  const message = { role: 'assistant', content: text, refusal: null };
  const finish = answer.finishReason ?? 'stop';
  const frame = (choices: unknown[], more: object = {}) =>
    JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more });
  const delta = (content: string, index: number) =>
    frame([{ index: 0, delta: index === 0 ? { role: 'assistant', content } : { content }, finish_reason: null }]);
  return {
    body: JSON.stringify({
      ...base,
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: finish, logprobs: null }],
      usage,
    }),
    textFrames: piecesOf(text, answer.pieceSize ?? 16).map(delta),
    endFrames: [
      frame([{ index: 0, delta: {}, finish_reason: finish }]),
      ...(question.includeUsage ? [frame([], { usage })] : []),
      '[DONE]',
    ],
  };
}

export interface ChatRequest {
  readonly stream: boolean;
  readonly includeUsage: boolean;
  readonly lastUserContent: string;
}

/** What this server needs to know of a request; answers undefined when it is not a chat request. */
export function readChatRequest(
  body: Readonly<Record<string, unknown>>,
): (ChatRequest & Pick<AskedQuestion, 'model' | 'content'>) | undefined {
  const { model, messages, stream, stream_options: options } = body;
  if (typeof model !== 'string' || !Array.isArray(messages)) return undefined;
  const spoken = messages as readonly ChatMessage[];
  const lastUser = spoken.findLast((message) => message.role === 'user');
  return {
    model,
    stream: stream === true,
    includeUsage: (options as { include_usage?: unknown } | undefined)?.include_usage === true,
    lastUserContent: textOf(lastUser),
    content: spoken.map(textOf).join('\n'),
  };
}

function textOf(message: ChatMessage | undefined): string {
  return typeof message?.content === 'string' ? message.content : JSON.stringify(message?.content ?? '');
}

function piecesOf(text: string, size: number): string[] {
  const characters = Array.from(text);
  const count = Math.ceil(characters.length / size);
  return Array.from({ length: count }, (_, index) => characters.slice(index * size, (index + 1) * size).join(''));
}

/** Four characters to a token, as a stand-in. */
function usageOf(prompt: string, text: string) {
  const [prompt_tokens, completion_tokens] = [Math.ceil(prompt.length / 4), Math.ceil(text.length / 4)];
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
