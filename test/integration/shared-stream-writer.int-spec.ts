import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commonOptions } from '../../src/database/data-source-options.js';
import { DedicatedConnection } from '../../src/database/dedicated-connection.js';
import { SharedStreamWriter, type SharedEvent } from '../../src/modules/streams/shared-stream-writer.js';
import type { StreamEvent } from '../../src/modules/streams/stream-event.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

function event(stream: string, payload: string): SharedEvent {
  return { stream, type: 'memory.update', payload, ownerId: null, traceId: TRACE };
}

describe('SharedStreamWriter', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let connections: DedicatedConnection[];
  const published: StreamEvent[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource(commonOptions(database.url, 4)).initialize();
    connections = ['first', 'second'].map((name) => new DedicatedConnection({ url: database.url, name }));
  });
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await dataSource.destroy();
    await database.drop();
  });

  const writers = () => connections.map((lane) => new SharedStreamWriter(lane, (events) => published.push(...events)));

  async function stored(stream: string): Promise<{ seq: number; payload: string }[]> {
    return dataSource.query(
      `SELECT seq, payload::text AS payload FROM event_logs WHERE stream = (SELECT id FROM streams WHERE name = $1) ORDER BY seq`,
      [stream],
    );
  }

  it('numbers each stream from 1, in the order given, and publishes after the commit', async () => {
    const [writer] = writers();
    const answer = await writer!.append([event('user:a', '{"n": 1}'), event('user:b', '2'), event('user:a', '3')]);
    expect(answer.map(({ stream, seq, payload }) => [stream, seq, payload])).toEqual([
      ['user:a', 1, '{"n": 1}'],
      ['user:b', 1, '2'],
      ['user:a', 2, '3'],
    ]);
    expect(published.slice(-3)).toEqual(answer);
    expect(await stored('user:a')).toEqual([
      { seq: 1, payload: '{"n": 1}' },
      { seq: 2, payload: '3' },
    ]);
  });

  it('leaves no gap and no double between writers, transactions and rollbacks', async () => {
    const work = writers().flatMap((writer) => [
      ...Array.from({ length: 40 }, (_, n) => writer.append([event('group:hot', String(n)), event('group:x', '0')])),
      ...Array.from({ length: 10 }, (_, n) =>
        dataSource
          .transaction(async (manager) => {
            await writer.appendIn(manager, [event('group:hot', '"in"')]);
            if (n % 2 === 0) throw new Error('rolled back');
          })
          .catch(() => undefined),
      ),
    ]);
    await Promise.all(work);
    const rows = await stored('group:hot');
    expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 90 }, (_, index) => index + 1));
    expect(rows.filter(({ payload }) => payload === '"in"')).toHaveLength(10);
  });

  it('fails only the event that cannot be stored', async () => {
    const [writer] = writers();
    const results = await Promise.allSettled([
      writer!.append([event('user:c', '1')]),
      writer!.append([event('user:c', '{')]),
      writer!.append([event('user:c', '2')]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await stored('user:c')).toEqual([
      { seq: 1, payload: '1' },
      { seq: 2, payload: '2' },
    ]);
  });
});
