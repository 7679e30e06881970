import { type Frame, piecesOf, type Protocol, textOfAnswer, tokensIn } from './protocol.js';
import type { ScriptedAnswer } from './script.js';

interface ChatPart {
  readonly type?: unknown;
  readonly text?: string;
  readonly image_url?: { readonly url?: string };
}

interface ChatMessage {
  readonly role?: unknown;
  readonly content?: string | readonly ChatPart[];
}

/** Chat completions as OpenAI and those compatible with it speak them. */
export const OPENAI_PROTOCOL: Protocol = {
  matches: (method, pathname) => method === 'POST' && pathname === '/v1/chat/completions',

  read({ model, messages, stream }) {
    if (typeof model !== 'string' || !Array.isArray(messages)) return undefined;
    const spoken = messages as readonly ChatMessage[];
    const lastUser = spoken.findLast((message) => message.role === 'user');
    return {
      model,
      stream: stream === true,
      lastUserContent: textOf(lastUser),
      content: spoken.map(textOf).join('\n'),
      images: spoken.flatMap(imagesOf),
    };
  },

  speak(asked, body, answer, id) {
    const text = textOfAnswer(answer, asked);
    const usage = usageOf(asked.content, text);
    const base = { id: `chatcmpl-${id}`, created: 1_760_000_000, model: asked.model };
    const message = { role: 'assistant', content: text, refusal: null, ...toolCallsOf(answer) };
    const finish = answer.finishReason ?? (answer.toolCalls ? 'tool_calls' : 'stop');
    const completion = (choice: object | undefined) =>
      JSON.stringify({ ...base, object: 'chat.completion', choices: choice ? [choice] : [], usage });
    const frame = (choices: unknown[], more: object = {}): Frame => ({
      data: JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more }),
    });
    const delta = (content: string, index: number) =>
      frame([{ index: 0, delta: index === 0 ? { role: 'assistant', content } : { content }, finish_reason: null }]);
    return {
      body: completion({ index: 0, message, finish_reason: finish, logprobs: null }),
      emptyBody: completion(undefined),
      unfinishedBody: completion({ index: 0, message, finish_reason: null, logprobs: null }),
      openFrames: [],
      textFrames: piecesOf(text, answer.pieceSize).map(delta),
      endFrames: [
        ...(answer.toolCalls ? [frame([{ index: 0, delta: toolCallsOf(answer), finish_reason: null }])] : []),
        frame([{ index: 0, delta: {}, finish_reason: finish }]),
        ...(wantsUsage(body) ? [frame([], { usage })] : []),
        { data: '[DONE]' },
      ],
    };
  },

  error: (_, message) => JSON.stringify({ error: { message, type: 'scripted' } }),
};

function wantsUsage(body: Readonly<Record<string, unknown>>): boolean {
  return (body['stream_options'] as { include_usage?: unknown } | undefined)?.include_usage === true;
}

function toolCallsOf({ toolCalls }: ScriptedAnswer) {
  if (!toolCalls) return {};
  const calls = toolCalls.map(({ name, arguments: args }, index) => ({
    index,
    id: `call_${index}`,
    type: 'function',
    function: { name, arguments: args },
  }));
  return { tool_calls: calls };
}

function textOf(message: ChatMessage | undefined): string {
  const content = message?.content ?? '';
  return typeof content === 'string' ? content : content.flatMap((part) => part.text ?? []).join('\n');
}

/** An address of bytes is told by its media type. */
function imagesOf({ content }: ChatMessage): string[] {
  if (!Array.isArray(content)) return [];
  const urls = (content as readonly ChatPart[]).flatMap((part) => part.image_url?.url ?? []);
  return urls.map((url) => /^data:([^;]+);base64,./.exec(url)?.[1] ?? url);
}

function usageOf(prompt: string, text: string) {
  const [prompt_tokens, completion_tokens] = [tokensIn(prompt), tokensIn(text)];
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}
