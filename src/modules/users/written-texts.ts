import { isDeepStrictEqual } from 'node:util';
import type { RecordStatements } from './stored-records.js';

/** Who wrote what last, by the name of the column. */
export type Writers = Readonly<Record<string, string>>;

/** Those of a thing after a change of it: whoever sends again what stands there has not written it. */
export function writersAfter<Changes extends object>(
  userId: string,
  before: Partial<Record<keyof Changes, unknown>> & { readonly writtenBy: Writers },
  changes: Changes,
): Writers {
  const fields = Object.keys(changes) as Array<keyof Changes & string>;
  const written = fields.filter((field) => !isDeepStrictEqual(before[field], changes[field]));
  return { ...before.writtenBy, ...Object.fromEntries(written.map((field) => [field, userId])) };
}

/**
 * What a person was the last to write into things of others, in tables with a column `written_by`.
 *
 * @param texts what stands in the place of each that goes: column and SQL
 */
export function writtenTexts(table: string, texts: Readonly<Record<string, string>>): RecordStatements {
  const isOwn = (column: string): string => `written_by->>'${column}' = $1::uuid::text`;
  const columns = Object.entries(texts);
  const anyOwn = columns.map(([column]) => isOwn(column)).join(' OR ');
  const shown = columns.map(([column]) => `'${column}', CASE WHEN ${isOwn(column)} THEN to_jsonb(${column}) END`);
  const emptied = columns.map(
    ([column, empty]) => `${column} = CASE WHEN ${isOwn(column)} THEN ${empty} ELSE ${column} END`,
  );
  return {
    select: `SELECT id, jsonb_strip_nulls(jsonb_build_object(${shown.join(', ')})) AS written
      FROM ${table} WHERE ${anyOwn} ORDER BY id`,
    erase: [
      `UPDATE ${table} SET ${emptied.join(', ')}, written_by = coalesce((SELECT jsonb_object_agg(w.key, w.value)
          FROM jsonb_each_text(written_by) w WHERE w.value <> $1::uuid::text), '{}')
        WHERE ${anyOwn}`,
    ],
  };
}
