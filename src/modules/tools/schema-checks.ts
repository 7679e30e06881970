import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { isPlain } from './plain-schema.js';
import { compileSchema, pathOf } from './schema-compiler.js';
import { isTimeUp, timeBoxed } from './time-box.js';
import type { JsonSchema } from './tool.js';

export interface SchemaFault {
  /** A JSON pointer into the value. */
  readonly path: string;
  readonly message: string;
}

interface Usable {
  /** Stops at the first fault. */
  readonly validate: ValidateFunction;
  /** It takes no longer than the value is long: there is no need to stand by with a clock, which costs more than the check. */
  readonly isPlain: boolean;
  /** Finds all of them; made when first needed. */
  validateAll?: ValidateFunction;
}
type Checker = Usable | { readonly fault: string };

const MAX_CHECKERS = 1_000;
const MAX_FAULTS = 20;
/** Of a value whose faults are all looked for: of a longer one there may be as many as it has parts. */
const MAX_CHARS_FOR_ALL = 20_000;
/** Of one check: schemas can be made so that one takes years. */
const CHECK_MS = 500;
const TOO_SLOW = 'checking against it takes too long';

/** Checks values against JSON Schemas (2020-12, or an older draft where `$schema` says so). Nothing is coerced. */
@Injectable()
export class SchemaChecks {
  /** By the content of the schema, the least recently used first. */
  private readonly checkers = new Map<string, Checker>();
  private readonly keys = new WeakMap<JsonSchema, string>();

  /** Why a schema is none; undefined when it is one. */
  faultOf(schema: JsonSchema): string | undefined {
    const checker = this.checkerOf(schema);
    return 'fault' in checker ? checker.fault : undefined;
  }

  /** The faults of a value, none when it is right. Against a schema that is none, nothing is right. */
  faultsIn(schema: JsonSchema, value: unknown): readonly SchemaFault[] {
    const checker = this.checkerOf(schema);
    if ('fault' in checker) return [{ path: '', message: `the tool has a schema that is not valid: ${checker.fault}` }];
    try {
      const check = () => faultsBy(checker, schema, value);
      return checker.isPlain ? check() : timeBoxed(CHECK_MS, check);
    } catch (error) {
      if (isTimeUp(error)) return [{ path: '', message: this.tooSlow(schema, value) }];
      // A schema that goes round in circles.
      return [{ path: '', message: 'cannot be checked: the schema is too deep' }];
    }
  }

  /** One that is slow for a short value is checked against no more; the fault of a long one is its own. */
  private tooSlow(schema: JsonSchema, value: unknown): string {
    if (isShort(value)) this.checkers.set(this.keyOf(schema), { fault: TOO_SLOW });
    return `cannot be checked: ${TOO_SLOW}`;
  }

  private checkerOf(schema: JsonSchema): Checker {
    const key = this.keyOf(schema);
    const known = this.checkers.get(key) ?? makeChecker(schema);
    this.checkers.delete(key);
    this.checkers.set(key, known);
    const [oldest] = this.checkers.keys();
    if (this.checkers.size > MAX_CHECKERS && oldest !== undefined) this.checkers.delete(oldest);
    return known;
  }

  private keyOf(schema: JsonSchema): string {
    let key = this.keys.get(schema);
    if (key === undefined) {
      key = createHash('sha256').update(JSON.stringify(schema)).digest('base64');
      this.keys.set(schema, key);
    }
    return key;
  }
}

function makeChecker(schema: JsonSchema): Checker {
  try {
    return { validate: compileSchema(schema), isPlain: isPlain(schema) };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : String(error) };
  }
}

function faultsBy(checker: Usable, schema: JsonSchema, value: unknown): readonly SchemaFault[] {
  return checker.validate(value) ? [] : errorsIn(checker, schema, value).slice(0, MAX_FAULTS).map(toFault);
}

function isShort(value: unknown): boolean {
  return JSON.stringify(value).length <= MAX_CHARS_FOR_ALL;
}

function errorsIn(checker: Usable, schema: JsonSchema, value: unknown): readonly ErrorObject[] {
  const first = checker.validate.errors ?? [];
  if (!isShort(value)) return first;
  checker.validateAll ??= compileSchema(schema, { allErrors: true });
  checker.validateAll(value);
  return checker.validateAll.errors ?? first;
}

function toFault(error: ErrorObject): SchemaFault {
  return { path: pathOf(error), message: messageOf(error) };
}

function messageOf({ keyword, message = 'is not valid', params }: ErrorObject): string {
  if (keyword === 'required') return 'is required';
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') return 'is not a known field';
  if (keyword === 'enum') return `${message}: ${JSON.stringify(params['allowedValues']).slice(0, 500)}`;
  return message;
}
