import { packed, unpackIntegers, unpackUuid } from './packed-columns.js';
import type { PlannedTest } from './question-plan.js';
import type { Queryable } from './text-search.js';
import { anyOf, type Bind, filterQuery, type TextFilter, type TextSource } from './text-source.js';

/** Texts that may be answers, by column: a thousand of them are looked through for each question. */
export interface Candidates {
  readonly count: number;
  readonly idOf: (at: number) => string;
  /** What the text is a part of, as a number; 0 when of nothing. */
  readonly threads: Int32Array;
  /** -1 when of nothing. */
  readonly positions: Int32Array;
  /** In words. */
  readonly lengths: Int32Array;
  /** By test and candidate, how often it is satisfied: 0 to 3. */
  readonly hits: readonly Uint8Array[];
}

/** More are not scored: a question of such common words has no good answer anyway. */
export const MAX_CANDIDATES = 2_000;

/** How many tests, each 0 to 3, an `integer` holds. */
const TESTS_PER_INTEGER = 15;

/** What `ts_rank` gives to 1, 2 and 3 occurrences of a word is the sum of 1/n² over π²/6: halfway between them. */
const RANK_BOUNDS = '{0.3,0.7,0.8}';

/** Reads the texts of a filter, each with what tests it satisfies. */
export class CandidateReader {
  constructor(
    private readonly database: Queryable,
    private readonly source: TextSource,
  ) {}

  /** All of them; undefined when there are more than are scored. */
  async readAll(tests: readonly PlannedTest[], filter: TextFilter): Promise<Candidates | undefined> {
    const all = await this.read(tests, filter, () => [], MAX_CANDIDATES + 1);
    return all.count > MAX_CANDIDATES ? undefined : all;
  }

  /** Those with any of the terms. */
  async readWith(terms: readonly string[], tests: readonly PlannedTest[], filter: TextFilter): Promise<Candidates> {
    if (terms.length === 0) return toCandidates({ count: 0, id: null }, tests.length);
    const { search } = this.source;
    return this.read(tests, filter, (bind) => [`${search} @@ ${bind(anyOf(terms))}::tsquery`], MAX_CANDIDATES);
  }

  /** Those that stand close to others in their threads. */
  async readBeside(
    ids: readonly string[],
    distances: readonly number[],
    tests: readonly PlannedTest[],
    filter: TextFilter,
    known: readonly string[],
  ): Promise<Candidates> {
    const { table, id, thread, position } = this.source;
    const beside = (bind: Bind) => `(${thread}, ${position}) IN (SELECT ${thread}, ${position} + distance
      FROM ${table}, unnest(${bind(distances)}::integer[]) AS distance WHERE ${id} = ANY (${bind(ids)}::uuid[]))`;
    const isNew = (bind: Bind) => `NOT ${id} = ANY (${bind(known)}::uuid[])`;
    return this.read(tests, filter, (bind) => [beside(bind), isNew(bind)], MAX_CANDIDATES);
  }

  private async read(
    tests: readonly PlannedTest[],
    filter: TextFilter,
    more: (bind: Bind) => readonly string[],
    limit: number,
  ): Promise<Candidates> {
    const { table, search, id, thread, position, length } = this.source;
    const values: unknown[] = [];
    const bind = (value: unknown) => `$${values.push(value)}`;
    const hits = this.hitColumns(tests, bind);
    const keys = `${search} @@ ${bind(filterQuery(filter))}::tsquery`;
    const where = [keys, ...more(bind), ...(filter.where?.(bind) ?? [])].join(' AND ');
    const columns = `${id} AS id, coalesce(hashtext(${thread}), 0) AS thread, coalesce(${position}, -1) AS position,
      ${length} AS length`;
    const texts = `SELECT ${columns}, ${this.searched} AS search FROM ${table} WHERE ${where} LIMIT ${limit}`;
    const names = ['id', 'thread', 'position', 'length'].map((name) => `${packed(`c.${name}`)} AS ${name}`);
    const all = [...names, ...hits.map((hit, at) => `${packed(hit)} AS hits_${at}`)];
    const sql = `SELECT count(*)::integer AS count, ${all.join()} FROM (${texts}) c`;
    const [row] = await this.database.query<[Row]>(sql, values);
    return toCandidates(row, tests.length);
  }

  /** Long vectors lie elsewhere, compressed: joined with nothing they are fetched once, and not for each test. */
  private get searched(): string {
    const { search, isTalk } = this.source;
    return isTalk ? search : `${search} || ''::tsvector`;
  }

  private hitColumns(tests: readonly PlannedTest[], bind: Bind): readonly string[] {
    const summands = tests.map((test, at) => `(${this.hitOf(test, bind)}) * ${4 ** (at % TESTS_PER_INTEGER)}`);
    const columns = Array.from({ length: Math.ceil(tests.length / TESTS_PER_INTEGER) }, (_, at) =>
      summands.slice(at * TESTS_PER_INTEGER, (at + 1) * TESTS_PER_INTEGER),
    );
    return columns.map((each) => each.join(' + '));
  }

  /** What is said repeats few words: whether it has them is enough, and found out sooner. */
  private hitOf({ query, lexemes }: PlannedTest, bind: Bind): string {
    const asked = `${bind(query)}::tsquery`;
    if (this.source.isTalk) return `(c.search @@ ${asked})::integer`;
    return `width_bucket(ts_rank('{1,1,1,1}', c.search, ${asked}) * ${lexemes}, '${RANK_BOUNDS}'::float8[])`;
  }
}

interface Row {
  readonly count: number;
  readonly id: Buffer | null;
  readonly [column: string]: Buffer | number | null;
}

function toCandidates(row: Row, tests: number): Candidates {
  const { count, id } = row;
  const integersOf = (name: string) => unpackIntegers(row[name] as Buffer | null, count);
  const packs = Array.from({ length: Math.ceil(tests / TESTS_PER_INTEGER) }, (_, at) => integersOf(`hits_${at}`));
  const all = new Uint8Array(tests * count);
  const hits = Array.from({ length: tests }, (_, test) => all.subarray(test * count, (test + 1) * count));
  hits.forEach((each, test) => {
    const pack = packs[Math.floor(test / TESTS_PER_INTEGER)];
    if (pack) readHits(each, pack, (test % TESTS_PER_INTEGER) * 2);
  });
  const [threads, positions, lengths] = [integersOf('thread'), integersOf('position'), integersOf('length')];
  return { count, idOf: (at) => (id === null ? '' : unpackUuid(id, at)), threads, positions, lengths, hits };
}

/** A plain loop, as everything that is done a thousand times for each question. */
function readHits(hits: Uint8Array, pack: Int32Array, shift: number): void {
  for (let at = 0; at < pack.length; at += 1) hits[at] = ((pack[at] ?? 0) >> shift) & 3;
}

/** One after the other. */
export function joined(one: Candidates, other: Candidates): Candidates {
  const both = (a: Int32Array, b: Int32Array) => Int32Array.of(...a, ...b);
  return {
    count: one.count + other.count,
    idOf: (at) => (at < one.count ? one.idOf(at) : other.idOf(at - one.count)),
    threads: both(one.threads, other.threads),
    positions: both(one.positions, other.positions),
    lengths: both(one.lengths, other.lengths),
    hits: one.hits.map((hits, test) => Uint8Array.of(...hits, ...(other.hits[test] ?? []))),
  };
}
