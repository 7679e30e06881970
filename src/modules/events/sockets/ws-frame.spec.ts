import { describe, expect, it } from 'vitest';
import { wsTextFrame } from './ws-frame.js';

function read(frame: Buffer): { length: number; text: string } {
  const short = frame.readUInt8(1);
  if (short < 126) return { length: short, text: frame.toString('utf8', 2) };
  if (short === 126) return { length: frame.readUInt16BE(2), text: frame.toString('utf8', 4) };
  return { length: Number(frame.readBigUInt64BE(2)), text: frame.toString('utf8', 10) };
}

describe('wsTextFrame', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])('holds a text of %d bytes', (size) => {
    const frame = wsTextFrame('a'.repeat(size));
    expect(frame[0]).toBe(0x81);
    expect(read(frame)).toEqual({ length: size, text: 'a'.repeat(size) });
  });

  it('counts bytes, not characters', () => {
    expect(read(wsTextFrame('ü\u{1F600}'))).toEqual({ length: 6, text: 'ü\u{1F600}' });
  });
});
