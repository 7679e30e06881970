import { describe, expect, it } from 'vitest';
import { inflateSync } from 'node:zlib';
import { OfflineImageProvider } from './offline-image.provider.js';

const provider = new OfflineImageProvider();
const options = { signal: new AbortController().signal, idempotencyKey: 'k' };

function make(prompt: string, width = 64, height = 48) {
  return provider.generate({ model: 'offline-gradient', prompt, width, height }, options);
}

function chunksOf(bytes: Uint8Array) {
  const png = Buffer.from(bytes);
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return chunks;
}

describe('OfflineImageProvider', () => {
  it('makes a PNG of the size that was asked for, with the prompt in it', async () => {
    const { bytes, mediaType } = await make('Ein Turm im Nebel, größer');
    const chunks = chunksOf(bytes);
    expect(mediaType).toBe('image/png');
    expect([...chunks.keys()]).toEqual(['IHDR', 'iTXt', 'IDAT', 'IEND']);
    expect([chunks.get('IHDR')?.readUInt32BE(0), chunks.get('IHDR')?.readUInt32BE(4)]).toEqual([64, 48]);
    expect(chunks.get('iTXt')?.toString()).toContain('Ein Turm im Nebel, größer');
    expect(inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0)).length).toBe(48 * (1 + 64 * 3));
  });

  it('makes the same of the same prompt and another of another', async () => {
    expect(await make('one')).toEqual(await make('one'));
    expect((await make('one')).bytes).not.toEqual((await make('two')).bytes);
  });

  it('keeps the ratio of what is too large', async () => {
    const header = chunksOf((await make('wide', 8000, 2000)).bytes).get('IHDR');
    expect([header?.readUInt32BE(0), header?.readUInt32BE(4)]).toEqual([1024, 256]);
  });

  it('makes nothing when it is aborted already', async () => {
    const aborted = { ...options, signal: AbortSignal.abort() };
    const request = { model: 'offline-gradient', prompt: 'one', width: 8, height: 8 };
    await expect(provider.generate(request, aborted)).rejects.toMatchObject({ code: 'MODEL_CALL_ABORTED' });
  });
});
