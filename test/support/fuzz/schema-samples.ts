import type { ApiDocument } from '../contract/api-document.js';
import type { Schema } from '../contract/schemas.js';

const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '019a0000-0000-7000-8000-000000000001',
  email: 'ada@example.org',
  'date-time': '2026-01-01T00:00:00.000Z',
  uri: 'https://example.org/',
};

/** What the schemas of the document mean, with references followed. */
export class SchemaReader {
  constructor(private readonly document: ApiDocument) {}

  resolve(schema: Schema): Schema {
    const { $ref, allOf, anyOf, ...rest } = schema as Schema & { $ref?: string; allOf?: Schema[]; anyOf?: Schema[] };
    const name = $ref?.split('/').at(-1);
    const target = name === undefined ? {} : this.resolve(this.document.components.schemas[name] ?? {});
    const parts = [...(allOf ?? []), ...(anyOf?.slice(0, 1) ?? [])].map((part) => this.resolve(part));
    return Object.assign({}, target, ...parts, rest) as Schema;
  }

  propertiesOf(schema: Schema): readonly [name: string, schema: Schema][] {
    const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>);
    return properties.map(([name, property]) => [name, this.resolve(property)]);
  }

  /** Something valid, as small as it can be. */
  sampleOf(given: Schema): unknown {
    const schema = this.resolve(given);
    const {
      example,
      default: standard,
      enum: values,
    } = schema as { example?: unknown; default?: unknown; enum?: unknown[] };
    if (example !== undefined) return example;
    if (standard !== undefined) return standard;
    return values?.[0] ?? this.ofType(schema);
  }

  private ofType(schema: Schema): unknown {
    const [type = 'object'] = typesOf(schema);
    switch (type) {
      case 'string':
        return BY_FORMAT[String(schema['format'])] ?? 'x'.repeat(Number(schema['minLength'] ?? 1));
      case 'integer':
      case 'number':
        return Number(schema['minimum'] ?? 1);
      case 'boolean':
        return true;
      case 'array':
        return [];
      case undefined:
      default:
        return this.ofObject(schema);
    }
  }

  private ofObject(schema: Schema): object {
    const required = new Set((schema['required'] ?? []) as readonly string[]);
    const needed = this.propertiesOf(schema).filter(([name]) => required.has(name));
    return Object.fromEntries(needed.map(([name, property]) => [name, this.sampleOf(property)]));
  }
}

export function typesOf({ type }: Schema): readonly string[] {
  if (type === undefined) return [];
  return Array.isArray(type) ? (type as string[]) : [type as string];
}
