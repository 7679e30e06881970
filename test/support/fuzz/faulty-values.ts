import { typesOf } from './schema-samples.js';
import type { Schema } from '../contract/schemas.js';

/** A value that a schema does not allow, and why. */
export interface FaultyValue {
  readonly why: string;
  readonly value: unknown;
}

const LONGEST = 50_000;
const OF_TYPE: readonly (readonly [type: string, value: unknown])[] = [
  ['string', 'text'],
  ['number', 12.5],
  ['boolean', true],
  ['array', [[]]],
  ['object', { a: { b: [] } }],
];

/** Values that a schema refuses by what it says itself. Null is left out: where a field is optional, it counts as absent. */
export function faultyValuesOf(schema: Schema): FaultyValue[] {
  const own = [...ofOtherTypes(schema), ...outOfBounds(schema), ...brokenTexts(schema), ...unlisted(schema)];
  return [...own, ...nestedLists(schema)];
}

function ofOtherTypes(schema: Schema): FaultyValue[] {
  const types = typesOf(schema);
  if (types.length === 0) return [];
  const isAllowed = (type: string) => types.includes(type) || 'anyOf' in schema;
  return OF_TYPE.filter(([type]) => !isAllowed(type) && !(type === 'number' && types.includes('integer'))).map(
    ([type, value]) => ({ why: `${type} instead of ${types.join(' or ')}`, value }),
  );
}

/** A list in the place of each object of a list. */
function nestedLists({ items }: Schema): FaultyValue[] {
  const isOfObjects = typeof items === 'object' && items !== null && '$ref' in items;
  return isOfObjects ? [{ why: 'lists instead of objects', value: [[]] }] : [];
}

function outOfBounds(schema: Schema): FaultyValue[] {
  const { minimum, maximum, minLength, maxLength, maxItems } = schema as Readonly<Record<string, number | undefined>>;
  const isInteger = typesOf(schema).includes('integer');
  return [
    ...(minimum === undefined ? [] : [{ why: 'below the minimum', value: minimum - 1 }]),
    ...(maximum === undefined ? [] : [{ why: 'above the maximum', value: maximum + 1 }]),
    ...(minLength ? [{ why: 'too short', value: 'x'.repeat(minLength - 1) }] : []),
    ...(maxLength !== undefined && maxLength < LONGEST ? [{ why: 'too long', value: 'x'.repeat(maxLength + 1) }] : []),
    ...(maxItems !== undefined && maxItems < LONGEST
      ? [{ why: 'too many', value: Array.from({ length: maxItems + 1 }, () => ({})) }]
      : []),
    ...(isInteger ? [{ why: 'not whole', value: 1.5 }] : []),
  ];
}

function brokenTexts(schema: Schema): FaultyValue[] {
  if (!typesOf(schema).includes('string')) return [];
  const isId = schema['format'] === 'uuid';
  return [
    { why: 'NUL', value: 'a\0b' },
    { why: 'a lone surrogate', value: 'a\ud800b' },
    ...(isId ? [{ why: 'no id', value: '019a0000' }] : []),
  ];
}

function unlisted({ enum: values, type }: Schema): FaultyValue[] {
  return Array.isArray(values) && type === 'string' ? [{ why: 'not in the list', value: 'unlisted' }] : [];
}
