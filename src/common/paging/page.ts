import type { Type } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { type Cursor, decodeCursor, encodeCursor } from './cursor.js';
import type { PageQueryDto } from './page-query.dto.js';

export interface Page<T> {
  readonly items: T[];
  readonly next_cursor: string | null;
}

/**
 * Reads one page, newest first, of rows with `createdAt` and `id`. Keyset paging: what is inserted meanwhile neither
 * shifts nor doubles a row.
 */
export async function readPage<Row extends Cursor & ObjectLiteral, Item>(
  query: SelectQueryBuilder<Row>,
  { limit, cursor }: PageQueryDto,
  toItem: (row: Row) => Item,
): Promise<Page<Item>> {
  if (cursor !== undefined) seek(query, decodeCursor(cursor));
  const rows = await query
    .orderBy(`${query.alias}.createdAt`, 'DESC')
    .addOrderBy(`${query.alias}.id`, 'DESC')
    .limit(limit + 1)
    .getMany();
  return toPage(rows, limit, toItem);
}

/** Cuts the one row read beyond the limit, which says whether there is more. */
export function toPage<Row extends Cursor, Item>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), next_cursor: rows.length > limit && last ? encodeCursor(last) : null };
}

function seek<Row extends ObjectLiteral>(query: SelectQueryBuilder<Row>, { createdAt, id }: Cursor): void {
  const { alias } = query;
  query.andWhere(`(${alias}.createdAt, ${alias}.id) < (:cursorAt, :cursorId)`, { cursorAt: createdAt, cursorId: id });
}

/** The answer class of a list, for the OpenAPI document: `class FlowPageDto extends PageOf(FlowResponseDto) {}`. */
export function PageOf<Item>(item: Type<Item>): Type<Page<Item>> {
  class PageDto {
    @ApiProperty({ type: [item] })
    items: Item[];

    @ApiProperty({ type: String, nullable: true, description: 'Hand it back as `cursor`; null on the last page' })
    next_cursor: string | null;
  }
  return PageDto;
}
