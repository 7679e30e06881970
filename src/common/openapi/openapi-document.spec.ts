import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';

type Schema = Readonly<Record<string, unknown>>;

interface Content {
  readonly schema: Schema;
  readonly example?: unknown;
}

interface Answer {
  readonly $ref?: string;
  readonly description?: string;
  readonly content?: Readonly<Record<string, Content>>;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly schema: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Document {
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const DOCUMENT = JSON.parse(readFileSync(new URL('../../../openapi.json', import.meta.url), 'utf8')) as Document;
const OPERATIONS = Object.entries(DOCUMENT.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);
const BOUNDED_FORMATS: ReadonlySet<unknown> = new Set(['uuid', 'date-time', 'binary']);

function nameIn({ $ref }: Schema): string | undefined {
  return typeof $ref === 'string' ? $ref.split('/').at(-1) : undefined;
}

/** Places in what clients send where a text, a number or a list may be of any size. */
function unbounded(schema: Schema, path: string, seen: ReadonlySet<string> = new Set()): string[] {
  const name = nameIn(schema);
  if (name !== undefined) {
    return seen.has(name) ? [] : unbounded(DOCUMENT.components.schemas[name] ?? {}, path, new Set([...seen, name]));
  }
  const types = [schema['type']].flat();
  const isOpen =
    (types.includes('string') && !isBoundedText(schema)) ||
    ((types.includes('integer') || types.includes('number')) && !isBoundedNumber(schema)) ||
    (types.includes('array') && schema['maxItems'] === undefined);
  return [...(isOpen ? [path] : []), ...partsOf(schema).flatMap(([at, part]) => unbounded(part, `${path}${at}`, seen))];
}

function isBoundedText(schema: Schema): boolean {
  return (
    ['enum', 'const', 'maxLength', 'pattern'].some((key) => key in schema) || BOUNDED_FORMATS.has(schema['format'])
  );
}

function isBoundedNumber(schema: Schema): boolean {
  return 'enum' in schema || ('minimum' in schema && 'maximum' in schema);
}

function partsOf(schema: Schema): [at: string, part: Schema][] {
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>);
  const choices = ['anyOf', 'allOf', 'oneOf'].flatMap((key) => (schema[key] ?? []) as Schema[]);
  const { items, additionalProperties: others } = schema;
  return [
    ...properties.map(([name, part]): [string, Schema] => [`.${name}`, part]),
    ...choices.map((part): [string, Schema] => ['', part]),
    ...(isSchema(items) ? [['[]', items] as [string, Schema]] : []),
    ...(isSchema(others) ? [['.*', others] as [string, Schema]] : []),
  ];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null;
}

function bodiesOf({ requestBody, responses }: Operation): [type: string, content: Content][] {
  const answers = Object.entries(responses).flatMap(([status, { content }]) => (status < '300' ? [content ?? {}] : []));
  return [requestBody?.content ?? {}, ...answers]
    .flatMap((content) => Object.entries(content))
    .filter(([type]) => /json|form/.test(type));
}

describe('openapi.json', () => {
  it('names each operation once, in snake case', () => {
    const ids = OPERATIONS.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z]+(_[a-z]+)*$/.test(id))).toEqual([]);
  });

  it('describes each tag it uses', () => {
    const described = DOCUMENT.tags.filter(({ name, description }) => description !== name).map(({ name }) => name);
    expect(OPERATIONS.flatMap(({ operation }) => operation.tags).filter((tag) => !described.includes(tag))).toEqual([]);
  });

  describe.each(OPERATIONS)('$name', ({ operation }) => {
    it('has one tag, a summary, security, and an answer that is no failure', () => {
      const { tags, summary, security, responses } = operation;
      expect([tags.length, summary.length > 0, Array.isArray(security)]).toEqual([1, true, true]);
      expect(Object.keys(responses).some((status) => status < '300')).toBe(true);
    });

    it('says what its failures look like', () => {
      const failures = Object.entries(operation.responses).filter(([status]) => status >= '400');
      const bare = failures.filter(([, { $ref, content }]) => !$ref && !content?.['application/problem+json']);
      expect(bare.map(([status]) => status)).toEqual([]);
    });

    it('bounds every text, number and list that clients send', () => {
      const { parameters = [], requestBody } = operation;
      const bodies = Object.values(requestBody?.content ?? {}).flatMap(({ schema }) => unbounded(schema, 'body'));
      expect([...parameters.flatMap(({ name, schema }) => unbounded(schema, name)), ...bodies]).toEqual([]);
    });

    it('has examples of its bodies, and they are valid', () => {
      const ajv = new Ajv2020({ strict: false, allErrors: true });
      // The package is CommonJS: its default export is the module for the compiler and the function at run time.
      (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
      ajv.addSchema(DOCUMENT, 'openapi');
      for (const [type, { schema, example }] of bodiesOf(operation)) {
        const rooted = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as Schema;
        const isValid = ajv.validate(rooted, example);
        expect([type, isValid, ajv.errorsText()]).toEqual([type, true, 'No errors']);
      }
    });
  });
});
