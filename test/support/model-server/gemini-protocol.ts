import { type AskedCall, type Frame, piecesOf, type Protocol, textOfAnswer, tokensIn } from './protocol.js';
import type { ScriptedAnswer } from './script.js';

interface Part {
  readonly text?: string;
  readonly inlineData?: { readonly mimeType?: string; readonly data?: string };
  readonly fileData?: { readonly fileUri?: string };
}

interface Content {
  readonly role?: unknown;
  readonly parts?: readonly Part[];
}

const ROUTE = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

const FINISH: Readonly<Record<string, string>> = { stop: 'STOP', length: 'MAX_TOKENS', content_filter: 'SAFETY' };

/** Gemini's generateContent and streamGenerateContent. */
export const GEMINI_PROTOCOL: Protocol = {
  matches: (method, pathname) => method === 'POST' && ROUTE.test(pathname),

  read({ contents, systemInstruction }, pathname) {
    const [, model, action] = ROUTE.exec(pathname) ?? [];
    if (model === undefined || !Array.isArray(contents)) return undefined;
    const spoken = contents as readonly Content[];
    const system = systemInstruction as Content | undefined;
    return {
      model: decodeURIComponent(model),
      stream: action === 'streamGenerateContent',
      lastUserContent: textOf(spoken.findLast((content) => content.role === 'user')),
      content: [system, ...spoken].map(textOf).join('\n').trim(),
      images: spoken.flatMap(imagesOf),
    };
  },

  speak(asked, _, answer, id) {
    const text = textOfAnswer(answer, asked);
    const finishReason = FINISH[answer.finishReason ?? 'stop'] ?? answer.finishReason;
    const parts = [...(text === '' ? [] : [{ text }]), ...callsOf(answer)];
    const base = { responseId: `resp-${id}`, modelVersion: asked.model, usageMetadata: usageOf(asked, text) };
    const response = (candidate: object | undefined) =>
      JSON.stringify({ candidates: candidate && [{ index: 0, ...candidate }], ...base });
    const frame = (candidate: object): Frame => ({ data: response(candidate) });
    const said = (said: readonly object[]) => ({ content: { role: 'model', parts: said } });
    return {
      body: response({ ...said(parts), finishReason }),
      emptyBody: response(undefined),
      unfinishedBody: response(said(parts)),
      openFrames: [],
      textFrames: piecesOf(text, answer.pieceSize).map((piece) => frame(said([{ text: piece }]))),
      endFrames: [frame({ ...said(answer.toolCalls ? callsOf(answer) : [{ text: '' }]), finishReason })],
    };
  },

  error: (status, message) => JSON.stringify({ error: { code: status, message, status: 'SCRIPTED' } }),
};

/** Broken arguments come as the string they are: the protocol carries objects. */
function callsOf({ toolCalls = [] }: ScriptedAnswer): object[] {
  return toolCalls.map(({ name, arguments: args }) => ({ functionCall: { name, args: parse(args) } }));
}

function parse(args: string): unknown {
  try {
    return JSON.parse(args) as unknown;
  } catch {
    return args;
  }
}

function usageOf(asked: AskedCall, text: string) {
  const [promptTokenCount, candidatesTokenCount] = [tokensIn(asked.content), tokensIn(text)];
  return { promptTokenCount, candidatesTokenCount, totalTokenCount: promptTokenCount + candidatesTokenCount };
}

function textOf(content: Content | undefined): string {
  return (content?.parts ?? []).flatMap((part) => part.text ?? []).join('\n');
}

function imagesOf({ parts = [] }: Content): string[] {
  return parts.flatMap(
    ({ inlineData, fileData }) => fileData?.fileUri ?? (inlineData?.data && inlineData.mimeType) ?? [],
  );
}
