import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

export type Schema = Readonly<Record<string, unknown>>;

/** JSON Schema 2020-12, as both documents use it. Fields that a document does not name are faults. */
export function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true, discriminator: false });
  // The package is CommonJS: its default export is the module for the compiler and the function at run time.
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  return ajv;
}

export function faultsOf(validate: ValidateFunction, value: unknown): string[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message, params }) => {
    return `${instancePath || '/'} ${message} ${JSON.stringify(params)}`;
  });
}

/**
 * A copy in which objects that list their properties, and say nothing of others, have no others. Parts that are put
 * together by `allOf` and the like stay open: only their sum could be closed.
 */
export function closed(schema: unknown, isPart = false): unknown {
  if (Array.isArray(schema)) return schema.map((item) => closed(item, isPart));
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value, key === 'allOf')]));
  const isOpen = isPart || 'additionalProperties' in schema || 'allOf' in schema;
  const listsProperties = 'properties' in schema && 'type' in schema && schema.type === 'object';
  return listsProperties && !isOpen ? { ...copy, additionalProperties: false } : copy;
}
