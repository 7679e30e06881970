import type { JsonSchema } from './tool.js';

/** What is checked in one go over the value, and takes about as long as reading it. */
const PLAIN_KEYWORDS = new Set([
  '$schema',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'type',
  'enum',
  'const',
  'required',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
]);
const ONE_SCHEMA = new Set(['items', 'additionalProperties']);
const MAX_CHARS = 10_000;

/**
 * Whether checking against it takes time that grows with the value alone: it is short, and has no references, patterns,
 * formats, combinations or comparisons of items, and nothing that this does not know. Pure.
 */
export function isPlain(schema: JsonSchema): boolean {
  return JSON.stringify(schema).length <= MAX_CHARS && isPlainPart(schema);
}

function isPlainPart(part: unknown): boolean {
  if (typeof part === 'boolean') return true;
  if (!isRecord(part)) return false;
  return Object.entries(part).every(([keyword, value]) => {
    if (keyword === 'properties') return isRecord(value) && Object.values(value).every(isPlainPart);
    return ONE_SCHEMA.has(keyword) ? isPlainPart(value) : PLAIN_KEYWORDS.has(keyword);
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
