import { type ArgumentMetadata, Injectable, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { InvalidInputError } from '../errors/invalid-input.error.js';
import { toInputFaults } from './input-faults.js';

class FoundFaults extends Error {
  constructor(readonly errors: readonly ValidationError[]) {
    super('invalid input');
  }
}

/** Validates bodies and queries against their DTO classes: unknown fields are refused, all faults are told at once. */
@Injectable()
export class InputValidationPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: (errors) => new FoundFaults(errors),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type === 'body' && this.toValidate(metadata)) assertObject(value);
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (!(error instanceof FoundFaults)) throw error;
      throw new InvalidInputError(toInputFaults(error.errors, metadata.type === 'query' ? '?' : ''));
    }
  }
}

/** An absent body counts as an empty object: its required fields are then reported one by one. */
function assertObject(value: unknown): void {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (value === undefined || isObject) return;
  throw new InvalidInputError([{ path: '', code: 'IS_OBJECT', message: 'must be a JSON object' }]);
}
