import { describe, expect, it } from 'vitest';
import { readModuleName } from './module-names.js';

const NAMES = new Set(['./a.js', './src/b.mjs', './src/deep/index.js', './data.json', 'node:test']);
const read = (wanted: string, from = './src/deep/c.js') => readModuleName((name) => NAMES.has(name), from, wanted);

describe('readModuleName', () => {
  it.each([
    ['../../a.js', './a.js'],
    ['../../a', './a.js'],
    ['../b', './src/b.mjs'],
    ['./', './src/deep/index.js'],
    ['../deep', './src/deep/index.js'],
    ['../../src/../data.json', './data.json'],
    ['node:test', 'node:test'],
  ])('finds %s', (wanted, name) => {
    expect(read(wanted)).toEqual({ name });
  });

  it('reads names in a program from the root', () => {
    expect(read('./a.js', 'program.js')).toEqual({ name: './a.js' });
  });

  it.each(['../../../a.js', '../../../../etc/passwd', './../../../src/../../a.js'])('does not follow %s', (wanted) => {
    expect(read(wanted)).toEqual({ message: expect.stringContaining('leads out of the project') as string });
  });

  it.each(['/a.js', 'a.js', 'node:fs', 'file:///etc/passwd', 'src/b.mjs', './none.js'])(
    'does not know %s',
    (wanted) => {
      expect(read(wanted)).toEqual({ message: expect.stringContaining('There is no module') as string });
    },
  );
});
