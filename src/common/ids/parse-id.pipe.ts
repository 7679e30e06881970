import { type ArgumentMetadata, Injectable, type PipeTransform } from '@nestjs/common';
import { InvalidInputError } from '../errors/invalid-input.error.js';
import { isId } from './id.js';

/** `@Param('id', ParseIdPipe)`: a malformed id is 400, before anything looks for it. */
@Injectable()
export class ParseIdPipe implements PipeTransform<string, string> {
  transform(value: string, { type, data = 'id' }: ArgumentMetadata): string {
    if (typeof value === 'string' && isId(value)) return value.toLowerCase();
    const path = type === 'query' ? `?${data}` : `{${data}}`;
    throw new InvalidInputError([{ path, code: 'IS_UUID', message: 'must be a UUID' }]);
  }
}
