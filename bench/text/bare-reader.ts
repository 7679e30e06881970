import OpenAI from 'openai';
import { serveParent } from '../support/peer.js';
import type { Passage } from './passage.js';

// The SDK and nothing else: reads the stream and joins its pieces.
await serveParent(async (argument) => {
  const { modelUrl } = argument as { modelUrl: string };
  const client = new OpenAI({ apiKey: 'bench', baseURL: modelUrl });
  const read = async (): Promise<Passage> => {
    const startedAt = performance.now();
    let firstMs = Number.NaN;
    let text = '';
    const messages = [{ role: 'user' as const, content: 'Say it' }];
    const stream = await client.chat.completions.create({ model: 'model-small', messages, stream: true });
    for await (const chunk of stream) {
      if (text === '') firstMs = performance.now() - startedAt;
      text += chunk.choices[0]?.delta.content ?? '';
    }
    return { firstMs, lastMs: performance.now() - startedAt, characters: text.length };
  };
  return {
    ready: null,
    answer: (count) => Promise.all(Array.from({ length: Number(count) }, read)),
    close: async () => undefined,
  };
});
