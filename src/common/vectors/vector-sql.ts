import { packed } from '../text-search/packed-columns.js';
import { filterQuery, type TextFilter } from '../text-search/text-source.js';
import type { VectorSource } from './vector-source.js';

/** A statement and its values. */
export interface Sql {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface VectorQuestion {
  readonly model: string;
  /** Of length 1, as all that are kept. */
  readonly vector: Float32Array;
}

/** Vectors that are compared with a question: of more, those of the newest texts. */
export const MAX_COMPARED = 20_000;

/** Which vectors there are of the texts of a filter, by the number that each was written with. Pure. */
export function vectorSerials(source: VectorSource, filter: TextFilter, question: VectorQuestion): Sql {
  const { from, values } = comparable(source, filter, question);
  return { text: `SELECT count(*)::integer AS count, ${packed('v.serial')} AS serials ${from}`, values };
}

/** Vectors by those numbers, as the database sends arrays. Pure. */
export function vectorsOf({ vectors, key }: VectorSource, serials: readonly number[]): Sql {
  const text = `SELECT serial, ${key} AS id, array_send(vector) AS bytes FROM ${vectors}
    WHERE serial = ANY ($1::integer[])`;
  return { text, values: [serials] };
}

/** What a database with the extension `vector` is asked for. */
export interface ExtensionWish {
  /** Where the extension is, as SQL: it need not be where names without a schema are looked for. */
  readonly schema: string;
  readonly limit: number;
}

/** The nearest, where the database itself compares vectors: by the extension `vector`. What has no direction is last. Pure. */
export function nearestByExtension(
  source: VectorSource,
  filter: TextFilter,
  question: VectorQuestion,
  { schema, limit }: ExtensionWish,
): Sql {
  const { from, values } = comparable(source, filter, question);
  const asked = `$${values.length + 1}::${schema}.vector`;
  const text = `SELECT id, 1 - distance AS similarity FROM (
    SELECT v.${source.key} AS id, v.vector::${schema}.vector OPERATOR(${schema}.<=>) ${asked} AS distance ${from}
    ORDER BY 2, 1 DESC LIMIT $${values.length + 2}) n ORDER BY distance, id DESC`;
  return { text, values: [...values, `[${question.vector.join()}]`, limit] };
}

function comparable(
  { table, id, search, vectors, key }: VectorSource,
  filter: TextFilter,
  { model, vector }: VectorQuestion,
): { readonly from: string; readonly values: readonly unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const where = [`${search} @@ ${bind(filterQuery(filter))}::tsquery`, ...(filter.where?.(bind) ?? [])].join(' AND ');
  const texts = `SELECT ${id} AS id FROM ${table} WHERE ${where}`;
  const from = `FROM (SELECT v.* FROM (${texts}) t JOIN ${vectors} v ON v.${key} = t.id
    WHERE v.model = ${bind(model)} AND v.dimensions = ${bind(vector.length)} ORDER BY t.id DESC LIMIT ${MAX_COMPARED}) v`;
  return { from, values };
}
