import type { RecordStatements } from './stored-records.js';

/** Things of which each change makes a version. */
export interface VersionedTables {
  readonly things: string;
  readonly versions: string;
  /** Of a version: whose it is. */
  readonly key: string;
  /** What both tables hold. */
  readonly content: readonly string[];
}

/**
 * The versions that a person wrote of things of others. They go; where one of them was the newest, the newest that is
 * left stands under the next number, since the number of what is gone must not come to mean anything else. A thing of
 * which the person wrote all goes with them.
 */
export function writtenVersions({ things, versions, key, content }: VersionedTables): RecordStatements {
  const own = `v.${key} = t.id AND v.author_id = $1`;
  const others = `v.${key} = t.id AND v.author_id IS DISTINCT FROM $1`;
  const newestLeft = `(SELECT DISTINCT ON (o.${key}) o.* FROM ${versions} o
    WHERE o.${key} IN (SELECT w.${key} FROM ${versions} w WHERE w.author_id = $1) AND o.author_id IS DISTINCT FROM $1
    ORDER BY o.${key}, o.version DESC)`;
  const takeOver = content.map((column) => `${column} = n.${column}`).join(', ');
  return {
    select: `SELECT v.* FROM ${versions} v JOIN ${things} t ON t.id = v.${key}
      WHERE v.author_id = $1 AND t.owner_id <> $1 ORDER BY v.${key}, v.version`,
    erase: [
      `DELETE FROM ${things} t WHERE EXISTS (SELECT 1 FROM ${versions} v WHERE ${own})
        AND NOT EXISTS (SELECT 1 FROM ${versions} v WHERE ${others})`,
      // The rows of things first: whoever changes one locks it.
      `UPDATE ${things} t SET ${takeOver}, version = t.version + 1, updated_at = now() FROM ${newestLeft} n
        WHERE n.${key} = t.id AND EXISTS (SELECT 1 FROM ${versions} v WHERE ${own} AND v.version = t.version)`,
      `UPDATE ${versions} v SET ${takeOver}, version = t.version, author_id = n.author_id, created_at = now()
        FROM ${things} t, ${newestLeft} n WHERE ${own} AND n.${key} = t.id AND v.version = t.version - 1
          AND NOT EXISTS (SELECT 1 FROM ${versions} c WHERE c.${key} = t.id AND c.version = t.version)`,
      `DELETE FROM ${versions} WHERE author_id = $1`,
    ],
  };
}
