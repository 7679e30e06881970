import { describe, expect, it } from 'vitest';
import { isPlain } from './plain-schema.js';

const object = (more: object) => ({ type: 'object', ...more });

describe(isPlain, () => {
  it.each([
    ['types and limits', object({ required: ['a'], properties: { a: { type: 'string', maxLength: 9 } } })],
    ['properties that are called as keywords', object({ properties: { pattern: { type: 'string' }, $ref: {} } })],
    ['lists of objects', object({ properties: { a: { items: object({ additionalProperties: false }) } } })],
  ])('is what has %s', (_, schema) => {
    expect(isPlain(schema)).toBe(true);
  });

  it.each([
    ['references', object({ properties: { a: { $ref: '#' } } })],
    ['patterns', object({ properties: { a: { items: { pattern: '(a+)+' } } } })],
    ['formats', object({ properties: { a: { format: 'email' } } })],
    ['items that must differ', object({ additionalProperties: { uniqueItems: true } })],
    ['combinations', object({ anyOf: [{}, {}] })],
    ['words that nobody knows', object({ unevaluatedProperties: false })],
    ['very much in it', object({ description: 'x'.repeat(10_001) })],
    ['no schema where one belongs', object({ properties: { a: 1 } })],
  ])('is not what has %s', (_, schema) => {
    expect(isPlain(schema)).toBe(false);
  });
});
