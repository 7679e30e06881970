import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** A piece of a step's text. `offset` counts UTF-16 code units. */
export interface LiveTextPart {
  readonly streamId: number;
  readonly step: string;
  readonly attempt: number;
  readonly offset: number;
  readonly text: string;
}

export interface StoredLiveTextPart extends LiveTextPart {
  /** Grows with each part of a stream. */
  readonly id: number;
}

interface PartRow {
  readonly stream: string;
  readonly id: string;
  readonly step: string;
  readonly attempt: number;
  readonly offset: number;
  readonly text: string;
}

const INSERT = `
  INSERT INTO live_text (stream, step, attempt, "offset", text)
  SELECT * FROM unnest($1::bigint[], $2::text[], $3::integer[], $4::integer[], $5::text[])`;
const REMOVE = `
  DELETE FROM live_text l USING unnest($1::bigint[], $2::text[], $3::integer[]) AS gone (stream, step, attempt)
  WHERE l.stream = gone.stream AND l.step = gone.step AND l.attempt <= gone.attempt`;
const READ = `
  SELECT l.stream, l.id, l.step, l.attempt, l."offset", l.text
  FROM unnest($1::bigint[], $2::bigint[]) AS p (stream, after) JOIN live_text l ON l.stream = p.stream AND l.id > p.after
  ORDER BY l.id`;
const STEPS = 'SELECT DISTINCT stream, step, attempt FROM live_text WHERE stream = ANY ($1::bigint[])';
// Of processes that were killed, and whose runs never went on.
const PRUNE = `DELETE FROM live_text WHERE written_at < now() - interval '1 hour'`;

/** The table `live_text`: how processes without the run get to see its text in progress. */
@Injectable()
export class LiveTextTable {
  constructor(private readonly database: DataSource) {}

  async insert(parts: readonly LiveTextPart[]): Promise<void> {
    if (parts.length === 0) return;
    await this.database.query(INSERT, [
      ...stepColumns(parts),
      parts.map(({ offset }) => offset),
      parts.map(({ text }) => text),
    ]);
  }

  /** Takes away the texts of these attempts and of the ones before them. */
  async remove(attempts: ReadonlyArray<Omit<LiveTextPart, 'offset' | 'text'>>): Promise<void> {
    if (attempts.length > 0) await this.database.query(REMOVE, stepColumns(attempts));
  }

  async removeStreams(streamIds: readonly number[]): Promise<void> {
    if (streamIds.length > 0)
      await this.database.query('DELETE FROM live_text WHERE stream = ANY ($1::bigint[])', [streamIds]);
  }

  async prune(): Promise<void> {
    await this.database.query(PRUNE);
  }

  async read(
    positions: ReadonlyArray<{ readonly streamId: number; readonly after: number }>,
  ): Promise<StoredLiveTextPart[]> {
    const ids = positions.map(({ streamId }) => streamId);
    const rows = await this.database.query<PartRow[]>(READ, [ids, positions.map(({ after }) => after)]);
    return rows.map(({ stream, id, ...part }) => ({ ...part, streamId: Number(stream), id: Number(id) }));
  }

  /** Attempts that have any text. */
  async attempts(streamIds: readonly number[]): Promise<Array<Omit<LiveTextPart, 'offset' | 'text'>>> {
    const rows = await this.database.query<Omit<PartRow, 'id' | 'offset' | 'text'>[]>(STEPS, [streamIds]);
    return rows.map(({ stream, step, attempt }) => ({ streamId: Number(stream), step, attempt }));
  }
}

function stepColumns(steps: ReadonlyArray<Omit<LiveTextPart, 'offset' | 'text'>>): unknown[] {
  return [steps.map(({ streamId }) => streamId), steps.map(({ step }) => step), steps.map(({ attempt }) => attempt)];
}
