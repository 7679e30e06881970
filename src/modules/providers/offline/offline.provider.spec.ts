import { describe, expect, it } from 'vitest';
import type { ModelRequest } from '../model-provider.js';
import { OfflinePace, OfflineProvider } from './offline.provider.js';

const provider = new OfflineProvider(new OfflinePace(0));
const options = { signal: new AbortController().signal, idempotencyKey: 'k' };

function ask(content: string, more: Partial<ModelRequest> = {}): ModelRequest {
  return { model: 'offline-echo', messages: [{ role: 'user', content }], ...more };
}

async function stream(request: ModelRequest) {
  const pieces: string[] = [];
  const generator = provider.stream(request, options);
  for (;;) {
    const next = await generator.next();
    if (next.done) return { pieces, answer: next.value };
    pieces.push(next.value);
  }
}

describe('OfflineProvider', () => {
  it('streams a text that is made from the prompt and says that it is offline', async () => {
    const { pieces, answer } = await stream(ask('A lighthouse in the fog'));
    expect(pieces.join('')).toBe(answer.text);
    expect(pieces.length).toBeGreaterThan(5);
    expect(answer.text).toContain('offline');
    expect(answer.text).toContain('A lighthouse in the fog');
  });

  it('answers the same to the same', async () => {
    expect(await provider.generate(ask('one'), options)).toEqual((await stream(ask('one'))).answer);
  });

  it('keeps to the bound and to stop sequences', async () => {
    const cut = await provider.generate(ask('word '.repeat(100), { maxOutputTokens: 10 }), options);
    expect(cut).toMatchObject({ finishReason: 'length', usage: { outputTokens: 10 } });
    const stopped = await provider.generate(ask('left RIGHT', { stop: ['RIGHT'] }), options);
    expect(stopped.text).toMatch(/left $/);
  });

  it('says that it was shown images', async () => {
    const image = { bytes: new Uint8Array(12), mediaType: 'image/png' };
    const content = [
      { type: 'text' as const, text: 'Describe this.' },
      { type: 'image' as const, image },
    ];
    const answer = await provider.generate({ ...ask(''), messages: [{ role: 'user', content }] }, options);
    expect(answer.text).toContain('Describe this. [an image: image/png, 12 bytes]');
  });

  it('stops when it is told to', async () => {
    const aborted = { ...options, signal: AbortSignal.abort() };
    await expect(provider.generate(ask('one'), aborted)).rejects.toMatchObject({ code: 'MODEL_CALL_ABORTED' });
  });
});
