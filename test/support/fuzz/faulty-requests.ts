import type { Route } from '../contract/api-document.js';
import type { Schema } from '../contract/schemas.js';
import { faultyValuesOf } from './faulty-values.js';
import type { SchemaReader } from './schema-samples.js';

/** A request that the document does not allow, and why. */
export interface FaultyRequest {
  readonly why: string;
  readonly body?: string | URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

const BODY_LIMIT_BYTES = 10 * 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const NO_BODIES: readonly (readonly [why: string, body: string])[] = [
  ['not JSON', '{"a":'],
  ['an array', '[]'],
  ['a text', '"text"'],
  ['null', 'null'],
  ['deep', `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ['a key that shadows', '{"__proto__":{"a":1}}'],
  ['10 MB and one byte', `{"a":"${'x'.repeat(BODY_LIMIT_BYTES + 1 - 8)}"}`],
];

/** All faults of one kind each that a request for a route can have. */
export function faultyRequestsOf({ operation }: Route, reader: SchemaReader): FaultyRequest[] {
  const content = operation.requestBody?.content;
  const json = content?.['application/json']?.schema;
  const form = content?.['application/x-www-form-urlencoded']?.schema;
  const query = operation.parameters?.filter((parameter) => parameter.in === 'query') ?? [];
  return [
    ...(json ? [...bodies(reader, json), ...NO_BODIES.map(([why, body]) => ({ why, body, headers: JSON_TYPE }))] : []),
    ...(form ? forms(reader, form) : []),
    ...query.flatMap(({ name, schema }) => queries(name, reader.resolve(schema))),
    ...(query.length > 0 ? [{ why: 'an unknown parameter', query: 'nothing=1' }] : []),
  ];
}

function bodies(reader: SchemaReader, given: Schema): FaultyRequest[] {
  const schema = reader.resolve(given);
  const sample = reader.sampleOf(schema) as Record<string, unknown>;
  return faultyObjects(reader, schema, sample).map(({ why, value }) => {
    return { why, body: JSON.stringify(value), headers: JSON_TYPE };
  });
}

function faultyObjects(
  reader: SchemaReader,
  schema: Schema,
  sample: Record<string, unknown>,
): { why: string; value: object }[] {
  const required = (schema['required'] ?? []) as readonly string[];
  return [
    { why: 'an unknown field', value: { ...sample, nothing: 1 } },
    ...required.map((name) => ({ why: `without ${name}`, value: { ...sample, [name]: undefined } })),
    ...reader.propertiesOf(schema).flatMap(([name, property]) =>
      faultyValuesOf(property).map(({ why, value }) => ({
        why: `${name}: ${why}`,
        value: { ...sample, [name]: value },
      })),
    ),
  ];
}

function forms(reader: SchemaReader, given: Schema): FaultyRequest[] {
  const schema = reader.resolve(given);
  const sample = reader.sampleOf(schema) as Record<string, string>;
  const texts = faultyObjects(reader, schema, sample).filter(({ value }) =>
    Object.values(value).every((field) => typeof field === 'string' && field.isWellFormed()),
  );
  return texts.map(({ why, value }) => ({ why, body: new URLSearchParams(value as Record<string, string>) }));
}

function queries(name: string, schema: Schema): FaultyRequest[] {
  const isNumber = schema['type'] === 'integer' || schema['type'] === 'number';
  const faults = faultyValuesOf(schema).filter(({ value }) => typeof value === 'string' || typeof value === 'number');
  return [
    ...faults
      .filter(({ value }) => String(value).isWellFormed() && !(typeof value === 'number' && !isNumber))
      .map(({ why, value }) => ({
        why: `?${name}: ${why}`,
        query: new URLSearchParams({ [name]: String(value) }).toString(),
      })),
    { why: `?${name} twice`, query: `${name}=1&${name}=2` },
  ];
}
