import { UnstorableValueError } from './errors.js';

/** The shell knows which values are secret; the engine only asks before it stores or streams text. */
export interface Mask {
  /** Replaces secrets in text, JSON text above all. */
  apply(text: string): string;
  /** How many characters at the end of a text may be the beginning of a secret that goes on in the next piece. */
  openEnd(text: string): number;
}

const NO_MASK: Mask = { apply: (text) => text, openEnd: () => 0 };

/**
 * Turns values into the JSON text that is stored, and back.
 *
 * Everything is cleaned before it joins a batch: PostgreSQL refuses NUL in text and lone surrogates in JSON, and one
 * refused row would take a whole batch with it.
 */
export class Serializer {
  constructor(readonly mask: Mask = NO_MASK) {}

  /** @throws {UnstorableValueError} when the value is not JSON (a cycle, a bigint) or has more bytes than `maxBytes` */
  encode(value: unknown, maxBytes: number): string {
    const json = this.mask.apply(toCleanJson(value));
    if (exceeds(json, maxBytes)) {
      throw new UnstorableValueError(`A value of ${Buffer.byteLength(json)} bytes is over the limit of ${maxBytes}`, {
        maxBytes,
      });
    }
    return json;
  }

  decode(json: string): unknown {
    return JSON.parse(json);
  }
}

/** Whether text has more than `maxBytes` bytes in UTF-8; counts them only when it could. */
export function exceeds(text: string, maxBytes: number): boolean {
  return text.length > maxBytes || (text.length * 3 > maxBytes && Buffer.byteLength(text) > maxBytes);
}

function toCleanJson(value: unknown): string {
  const json = stringify(value);
  // JSON.stringify writes NUL and lone surrogates as escapes, so text without any escape needs no second look.
  return json.includes('\\u') ? stringify(clean(JSON.parse(json))) : json;
}

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    throw new UnstorableValueError('The value is not JSON', {}, { cause: error });
  }
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [cleanText(key), clean(inner)]));
}

function cleanText(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}
