import { InvalidInputError } from '../errors/invalid-input.error.js';
import { isId } from '../ids/id.js';

/** The place after a row in a list ordered by (created_at, id). */
export interface Cursor {
  readonly createdAt: Date;
  readonly id: string;
}

export function encodeCursor({ createdAt, id }: Cursor): string {
  return Buffer.from(`${createdAt.getTime()} ${id}`).toString('base64url');
}

/** @throws {InvalidInputError} for anything that {@link encodeCursor} did not make */
export function decodeCursor(text: string): Cursor {
  const [millis = '', id = '', ...rest] = Buffer.from(text, 'base64url').toString().split(' ');
  const createdAt = new Date(/^\d{1,15}$/.test(millis) ? Number(millis) : Number.NaN);
  if (rest.length > 0 || !isId(id) || Number.isNaN(createdAt.getTime())) {
    throw new InvalidInputError([
      { path: '?cursor', code: 'MALFORMED_CURSOR', message: 'is not a cursor of this list' },
    ]);
  }
  return { createdAt, id };
}
