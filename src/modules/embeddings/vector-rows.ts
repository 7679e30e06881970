import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { VectorSource } from '../../common/vectors/vector-source.js';
import type { Owned } from '../projects/access-policy.js';
import { type BareText, MAX_TEXTS } from './text-batch.js';

/** The vectors of texts, as they are kept. */
@Injectable()
export class VectorRows {
  constructor(private readonly database: DataSource) {}

  /** Some that have no vector by the model, in the order of their ids. */
  missing(
    { texts, vectors, key }: VectorSource,
    { ownerId, projectId }: Owned,
    model: string,
    after: string | null,
  ): Promise<readonly BareText[]> {
    const whose = projectId === null ? 't.project_id IS NULL AND t.owner_id = $1' : 't.project_id = $1';
    const text = `SELECT t.id, t.text, md5(t.text) AS hash FROM (${texts}) t
      WHERE ${whose} AND ($3::uuid IS NULL OR t.id > $3)
        AND NOT EXISTS (SELECT FROM ${vectors} v WHERE v.${key} = t.id AND v.model = $2)
      ORDER BY t.id LIMIT ${MAX_TEXTS}`;
    return this.database.query(text, [projectId ?? ownerId, model, after]);
  }

  /** Of texts that are still there and still say the same. Answers how many those are. */
  async write(
    { table, texts, vectors, key }: VectorSource,
    model: string,
    batch: readonly BareText[],
    values: readonly Float32Array[],
  ): Promise<number> {
    const ids = batch.map(({ id }) => id);
    const sent = values.map((vector) => `{${vector.join()}}`);
    const text = `WITH locked AS (SELECT id FROM ${table} WHERE id = ANY ($1::uuid[]) ORDER BY id FOR SHARE)
      INSERT INTO ${vectors} AS v (${key}, model, dimensions, text_hash, vector)
      SELECT l.id, $4, cardinality(n.vector::real[]), n.hash, n.vector::real[]
      FROM locked l JOIN unnest($1::uuid[], $2::text[], $3::text[]) AS n (id, hash, vector) ON n.id = l.id
        JOIN (${texts}) t ON t.id = l.id AND md5(t.text) = n.hash
      ON CONFLICT (${key}) DO UPDATE SET model = EXCLUDED.model, dimensions = EXCLUDED.dimensions,
        text_hash = EXCLUDED.text_hash, vector = EXCLUDED.vector, serial = EXCLUDED.serial
      RETURNING 1`;
    const rows = await this.database.query<unknown[]>(text, [ids, batch.map(({ hash }) => hash), sent, model]);
    return rows.length;
  }

  /** In place of its vector, one without dimensions: compared with none, and replaced when the text or the model changes. */
  async leaveOut({ texts, vectors, key }: VectorSource, model: string, id: string): Promise<void> {
    const text = `INSERT INTO ${vectors} (${key}, model, dimensions, text_hash, vector)
      SELECT t.id, $2, 0, md5(t.text), '{}' FROM (${texts}) t WHERE t.id = $1
      ON CONFLICT (${key}) DO UPDATE SET model = EXCLUDED.model, dimensions = EXCLUDED.dimensions,
        text_hash = EXCLUDED.text_hash, vector = EXCLUDED.vector, serial = EXCLUDED.serial`;
    await this.database.query(text, [id, model]);
  }
}
