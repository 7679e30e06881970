import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  float8Array,
  int4Array,
  int8Array,
  jsonArray,
  textArray,
  timestampArray,
  uuidArray,
} from '../../src/database/binary-array.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('binary arrays in PostgreSQL', () => {
  let database: TestDatabase;
  let client: Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it.each([
    ['text[]', textArray(['a', null, '', '{"x": ","}', 'ü€😀\\"']), ['a', null, '', '{"x": ","}', 'ü€😀\\"']],
    ['json[]', jsonArray(['{"b":1,  "a":2}', null]), ['{"b":1,  "a":2}', null]],
    ['integer[]', int4Array([1, null, -2_147_483_648]), ['1', null, '-2147483648']],
    ['bigint[]', int8Array([Number.MAX_SAFE_INTEGER, -3, null]), ['9007199254740991', '-3', null]],
    ['float8[]', float8Array([0.5, -1e300]), ['0.5', '-1e+300']],
    ['uuid[]', uuidArray(['0af7651916cd43dd8448eb211c80319c', null]), ['0af76519-16cd-43dd-8448-eb211c80319c', null]],
    ['timestamptz[]', timestampArray([new Date('1969-07-20T20:17:40.123Z')]), ['1969-07-20 20:17:40.123+00']],
    ['text[]', textArray([]), []],
  ])('arrive as they were: %s', async (type, bytes, expected) => {
    const text = `SELECT coalesce(array_agg(x::text), '{}') AS texts FROM unnest($1::${type}) AS x`;
    await client.query("SET TimeZone = 'UTC'");
    const { rows } = await client.query<{ texts: string[] }>(text, [bytes]);
    expect(rows[0]?.texts).toEqual(expected);
  });
});
