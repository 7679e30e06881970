import { describe, expect, it } from 'vitest';
import { int4Array, int8Array, textArray, timestampArray, uuidArray } from './binary-array.js';

describe('binary arrays', () => {
  it('writes the layout that array_recv reads', () => {
    expect(int4Array([7, null, -1]).toString('hex')).toBe(
      [
        '00000001',
        '00000001',
        '00000017',
        '00000003',
        '00000001',
        '00000004',
        '00000007',
        'ffffffff',
        '00000004',
        'ffffffff',
      ].join(''),
    );
  });

  it('counts bytes of UTF-8, not characters', () => {
    expect(textArray(['ü€']).subarray(20)).toEqual(Buffer.concat([Buffer.from([0, 0, 0, 5]), Buffer.from('ü€')]));
  });

  it('writes eight-byte integers up to the safe ones, and below zero', () => {
    const bytes = int8Array([Number.MAX_SAFE_INTEGER, -2]);
    expect(bytes.readBigInt64BE(24)).toBe(BigInt(Number.MAX_SAFE_INTEGER));
    expect(bytes.readBigInt64BE(36)).toBe(-2n);
  });

  it('counts instants in microseconds from 2000', () => {
    expect(timestampArray([new Date('2000-01-01T00:00:01.500Z')]).readBigInt64BE(24)).toBe(1_500_000n);
  });

  it('takes ids with and without hyphens, and nothing else', () => {
    const id = '0af76519-16cd-43dd-8448-eb211c80319c';
    expect(uuidArray([id])).toEqual(uuidArray([id.replaceAll('-', '')]));
    expect(() => uuidArray(['0af7'])).toThrow(RangeError);
    expect(() => uuidArray(['zz'.repeat(16)])).toThrow(RangeError);
  });
});
