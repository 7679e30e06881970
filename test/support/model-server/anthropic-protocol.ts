import { type Frame, piecesOf, type Protocol, textOfAnswer, tokensIn } from './protocol.js';
import type { ScriptedAnswer } from './script.js';

interface Block {
  readonly type?: unknown;
  readonly text?: string;
  readonly source?: { readonly media_type?: string; readonly url?: string; readonly data?: string };
}

interface Message {
  readonly role?: unknown;
  readonly content?: string | readonly Block[];
}

const FINISH: Readonly<Record<string, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  content_filter: 'refusal',
};

/** Anthropic's Messages. */
export const ANTHROPIC_PROTOCOL: Protocol = {
  matches: (method, pathname) => method === 'POST' && pathname === '/v1/messages',

  read({ model, messages, max_tokens: limit, system, stream }) {
    if (typeof model !== 'string' || !Array.isArray(messages) || typeof limit !== 'number') return undefined;
    const spoken = messages as readonly Message[];
    const contents = [{ content: system as Message['content'] }, ...spoken].map(textOf);
    return {
      model,
      stream: stream === true,
      lastUserContent: textOf(spoken.findLast((message) => message.role === 'user')),
      content: contents.join('\n').trim(),
      images: spoken.flatMap(imagesOf),
    };
  },

  speak(asked, _, answer, id) {
    const text = textOfAnswer(answer, asked);
    const usage = { input_tokens: tokensIn(asked.content), output_tokens: tokensIn(text) };
    const stop_reason = finishOf(answer);
    const base = { id: `msg_${id}`, type: 'message', role: 'assistant', model: asked.model, stop_sequence: null };
    const content = [...(text === '' ? [] : [{ type: 'text', text, citations: null }]), ...toolBlocks(answer, parse)];
    const message = (more: object) => JSON.stringify({ ...base, content, stop_reason, usage, ...more });
    const opening = { ...base, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
    return {
      body: message({}),
      emptyBody: message({ content: [] }),
      unfinishedBody: message({ stop_reason: null }),
      openFrames: [
        event('message_start', { message: opening }),
        event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
        event('ping', {}),
      ],
      textFrames: piecesOf(text, answer.pieceSize).map((piece) =>
        event('content_block_delta', { index: 0, delta: { type: 'text_delta', text: piece } }),
      ),
      endFrames: [
        event('content_block_stop', { index: 0 }),
        ...toolFrames(answer),
        event('message_delta', { delta: { stop_reason, stop_sequence: null }, usage }),
        event('message_stop', {}),
      ],
    };
  },

  errorEvent: 'error',

  error: (status, message) =>
    JSON.stringify({ type: 'error', error: { type: errorTypeOf(status), message }, request_id: 'req_scripted' }),
};

function event(type: string, data: object): Frame {
  return { event: type, data: JSON.stringify({ type, ...data }) };
}

function finishOf({ finishReason, toolCalls }: ScriptedAnswer): string {
  if (finishReason === undefined) return toolCalls ? 'tool_use' : 'end_turn';
  return FINISH[finishReason] ?? finishReason;
}

function toolBlocks({ toolCalls = [] }: ScriptedAnswer, inputOf: (args: string) => unknown) {
  return toolCalls.map(({ name, arguments: args }, index) => ({
    type: 'tool_use',
    id: `toolu_${index}`,
    name,
    input: inputOf(args),
  }));
}

function toolFrames(answer: ScriptedAnswer): Frame[] {
  return toolBlocks(answer, () => ({})).flatMap((content_block, index) => [
    event('content_block_start', { index: index + 1, content_block }),
    event('content_block_delta', {
      index: index + 1,
      delta: { type: 'input_json_delta', partial_json: answer.toolCalls?.[index]?.arguments },
    }),
    event('content_block_stop', { index: index + 1 }),
  ]);
}

/** A whole body can hold no broken JSON: broken arguments come as the string they are. */
function parse(args: string): unknown {
  try {
    return JSON.parse(args) as unknown;
  } catch {
    return args;
  }
}

function errorTypeOf(status: number): string {
  if (status === 529) return 'overloaded_error';
  if (status === 429) return 'rate_limit_error';
  return status >= 500 ? 'api_error' : 'invalid_request_error';
}

function textOf(message: Message | undefined): string {
  const content = message?.content ?? '';
  return typeof content === 'string' ? content : content.flatMap((block) => block.text ?? []).join('\n');
}

function imagesOf({ content }: Message): string[] {
  if (!Array.isArray(content)) return [];
  return (content as readonly Block[]).flatMap(
    ({ source }) => source?.url ?? (source?.data && source.media_type) ?? [],
  );
}
