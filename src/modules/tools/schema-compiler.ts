import { Ajv, type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { RE2JS } from 're2js';
import { expandedSize } from './schema-size.js';
import { isTimeUp, timeBoxed } from './time-box.js';
import type { JsonSchema } from './tool.js';

const MAX_SCHEMA_CHARS = 100_000;
const MAX_EXPANDED_SIZE = 50_000;
const COMPILE_MS = 1_000;

const OPTIONS: Options = {
  // Keywords that nobody knows are no reason to refuse a tool of others.
  strict: false,
  validateFormats: true,
  inlineRefs: false,
  code: { regExp: linearPattern(), optimize: false },
  logger: false,
};
/** Whether a schema is one is asked of these; making them takes longer than most schemas do. */
const metaSchemas = { recent: new Ajv2020(OPTIONS), older: new Ajv(OPTIONS) };
// Before anything is cut off: Ajv does not recover from a compilation of its own schemas that was ended in the middle.
for (const meta of Object.values(metaSchemas)) void meta.validateSchema({});

/**
 * @param allErrors goes on after the first fault, for as long as the value is
 * @throws {Error} whose message says what is wrong with the schema
 */
export function compileSchema(schema: JsonSchema, { allErrors = false } = {}): ValidateFunction {
  const size = JSON.stringify(schema).length;
  if (size > MAX_SCHEMA_CHARS) throw new Error(`it has ${size} characters, more than ${MAX_SCHEMA_CHARS}`);
  if (expandedSize(schema) > MAX_EXPANDED_SIZE) throw new Error('its parts refer to each other too often');
  try {
    return timeBoxed(COMPILE_MS, () => compiled(schema, allErrors));
  } catch (error) {
    throw isTimeUp(error) ? new Error('reading it takes too long', { cause: error }) : error;
  }
}

/** `$async` would make the answer a promise, which is always true and, when it is rejected, the end of the process. */
function compiled(given: JsonSchema, allErrors: boolean): ValidateFunction {
  const { $schema, ...schema }: Record<string, unknown> = given;
  delete schema['$async'];
  const isOlder = /\/draft-0[4-7]\//.test(String($schema));
  const meta = isOlder ? metaSchemas.older : metaSchemas.recent;
  if (meta.validateSchema(schema) !== true) throw new Error(meta.errorsText(meta.errors, { dataVar: 'schema' }));
  // One for each: schemas of others may have the same $id, and none is kept for longer than its checker.
  const options = { ...OPTIONS, allErrors, meta: false, validateSchema: false };
  const ajv = isOlder ? new Ajv(options) : new Ajv2020(options);
  // CommonJS whose types hide the function.
  (addFormats as unknown as (ajv: Ajv, mode: 'fast') => void)(ajv, 'fast');
  return ajv.compile(schema);
}

/** Where in the value the fault is: for what is missing, or is too much, the place of that property. */
export function pathOf({ instancePath, params }: ErrorObject): string {
  const name: unknown = params['missingProperty'] ?? params['additionalProperty'] ?? params['unevaluatedProperty'];
  return typeof name === 'string'
    ? `${instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    : instancePath;
}

/** Patterns of others, in time that grows with the text alone. What RE2 does not know, such as look-ahead, checks nothing. */
function linearPattern() {
  const engine = (pattern: string) => {
    try {
      const compiled = RE2JS.compile(RE2JS.translateRegExp(pattern));
      return { test: (text: string) => compiled.matcher(text).find() };
    } catch {
      return { test: () => true };
    }
  };
  return Object.assign(engine, { code: 'linearPattern' });
}
