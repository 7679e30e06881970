import type { AskedCall, Protocol } from './protocol.js';

/** Numbers of each vector. */
const DIMENSIONS = 256;

/** Two words that mean the same to the server, whatever their letters. */
export type SameMeaning = readonly [word: string, other: string];

/** A call for vectors, whose body differs from that of a call for text. */
interface EmbeddingCall extends AskedCall {
  readonly texts: readonly string[];
}

/** Vectors as OpenAI and those compatible with it, or Gemini, are asked for them. */
export interface EmbeddingProtocol {
  matches(method: string, pathname: string): boolean;
  /** Undefined when the body is no call. */
  read(body: Readonly<Record<string, unknown>>, pathname: string): EmbeddingCall | undefined;
  body(call: EmbeddingCall, vectors: readonly (readonly number[])[]): string;
  readonly error: Protocol['error'];
}

const googleError = (code: number, message: string) => JSON.stringify({ error: { code, message, status: 'SCRIPTED' } });
const GEMINI_PATH = /^\/v1beta\/models\/([^/:]+):batchEmbedContents$/;

export const EMBEDDING_PROTOCOLS: readonly EmbeddingProtocol[] = [
  {
    matches: (method, pathname) => method === 'POST' && pathname === '/v1/embeddings',
    read: ({ model, input }) =>
      typeof model === 'string' && Array.isArray(input) ? callOf(model, input as string[]) : undefined,
    body: ({ model, content }, vectors) => {
      const data = vectors.map((embedding, index) => ({ object: 'embedding', index, embedding }));
      const tokens = Math.ceil(content.length / 4);
      // In any order: the index tells.
      return JSON.stringify({
        object: 'list',
        data: data.toReversed(),
        model,
        usage: { prompt_tokens: tokens, total_tokens: tokens },
      });
    },
    error: (_, message) => JSON.stringify({ error: { message, type: 'scripted' } }),
  },
  {
    matches: (method, pathname) => method === 'POST' && GEMINI_PATH.test(pathname),
    read: ({ requests }, pathname) => {
      const asked = requests as { content: { parts: { text: string }[] } }[] | undefined;
      const texts = asked?.map(({ content }) => content.parts.map(({ text }) => text).join(''));
      return texts && callOf(GEMINI_PATH.exec(pathname)?.[1] ?? '', texts);
    },
    body: (_, vectors) => JSON.stringify({ embeddings: vectors.map((values) => ({ values })) }),
    error: googleError,
  },
];

function callOf(model: string, texts: readonly string[]): EmbeddingCall {
  const content = texts.join('\n');
  const none = { images: [], tools: [], toolResults: [], after: 'user' as const };
  return { model, texts, content, lastUserContent: content, stream: false, ...none };
}

/** How often each word is there: texts that share none, nor two of one meaning, are at right angles (but for chance). */
export function bagOfWords(text: string, meanings: readonly SameMeaning[]): number[] {
  const vector = Array.from({ length: DIMENSIONS }, () => 0);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    const meant = meanings.find((pair) => pair.includes(word))?.[0] ?? word;
    const place = Array.from(meant).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7);
    vector[place % DIMENSIONS] = (vector[place % DIMENSIONS] ?? 0) + 1;
  }
  return vector;
}
