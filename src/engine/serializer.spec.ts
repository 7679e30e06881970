import { describe, expect, it } from 'vitest';
import { UnstorableValueError } from './errors.js';
import { exceeds, Serializer } from './serializer.js';

const serializer = new Serializer();

describe(Serializer.name, () => {
  it('keeps what JSON can hold as it is', () => {
    const value = { text: 'ü€😀\n\u001b "quoted" \\ud800', list: [1, 2.5, null, true], nested: { a: {} } };
    expect(serializer.decode(serializer.encode(value, 1_000))).toEqual(value);
  });

  it('takes out NUL and mends lone surrogates, in keys too, which PostgreSQL would refuse', () => {
    const json = serializer.encode({ 'a\0b': 'x\0y\ud800z', list: ['\udc00'] }, 1_000);
    expect(JSON.parse(json)).toEqual({ ab: 'xy\ufffdz', list: ['\ufffd'] });
    expect(json).not.toContain('\\u');
  });

  it('stores nothing as null', () => {
    expect(serializer.encode(undefined, 10)).toBe('null');
  });

  it('refuses what is not JSON or too large, by bytes and not by characters', () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const value of [cycle, { n: 1n }]) {
      expect(() => serializer.encode(value, 1_000)).toThrow(UnstorableValueError);
    }
    expect(serializer.encode('€€', 8)).toBe('"€€"');
    expect(() => serializer.encode('€€', 7)).toThrow(UnstorableValueError);
  });

  it('masks before it measures', () => {
    const masking = new Serializer({ apply: (text) => text.replaceAll('s3cret', '***'), openEnd: () => 0 });
    expect(masking.encode({ key: 's3cret' }, 100)).toBe('{"key":"***"}');
  });
});

describe(exceeds.name, () => {
  it('counts bytes where characters do not decide', () => {
    expect(exceeds('aaa', 3)).toBe(false);
    expect(exceeds('aaaa', 3)).toBe(true);
    expect(exceeds('€', 2)).toBe(true);
    expect(exceeds('€', 3)).toBe(false);
  });
});
