import { isUtf8 } from 'node:buffer';
import { InvalidInputError } from '../errors/invalid-input.error.js';

/**
 * Parses a JSON body; an empty one counts as none, since clients send the content type on every POST.
 *
 * @param mask takes out of the text what no handler may see
 */
export function parseJsonBody(body: Buffer, mask: (text: string) => string): unknown {
  if (body.length === 0) return undefined;
  if (!isUtf8(body)) throw notJson('must be UTF-8');
  try {
    return JSON.parse(mask(body.toString()));
  } catch (error) {
    throw notJson('must be JSON', error);
  }
}

function notJson(message: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError([{ path: '', code: 'NOT_JSON', message }], { code: 'MALFORMED_REQUEST', cause });
}
