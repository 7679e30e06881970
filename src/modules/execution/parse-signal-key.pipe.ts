import { Injectable, type PipeTransform } from '@nestjs/common';
import { InvalidInputError } from '../../common/errors/invalid-input.error.js';

/** A node id has up to 200 characters, and its approval a prefix. */
const MAX_LENGTH = 300;

/** The key of a wait, as its program chose it: printable, and not too long to be one. */
@Injectable()
export class ParseSignalKeyPipe implements PipeTransform<string, string> {
  transform(key: string): string {
    if (key.length <= MAX_LENGTH && key.isWellFormed() && !/\p{Cc}/u.test(key)) return key;
    const message = `must be at most ${MAX_LENGTH} printable characters`;
    throw new InvalidInputError([{ path: '{key}', code: 'MALFORMED_KEY', message }]);
  }
}
