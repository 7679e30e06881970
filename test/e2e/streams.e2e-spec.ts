import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { SocketSessions } from '../../src/modules/events/sockets/socket-sessions.js';
import { StreamNotices } from '../../src/modules/streams/stream-notices.js';
import { Random } from '../../src/modules/streams/testing/random.js';
import { ApiClient, type Tokens } from '../support/api-client.js';
import { READINGS, readAll } from '../support/resuming-readers.js';
import { RunWriter, type WrittenRun } from '../support/run-writer.js';
import { type Envelope, SocketReader } from '../support/socket-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const STEP = 'execution.step.completed';

let api: TestApp;
let worker: TestApp;
let here: RunWriter;
let elsewhere: RunWriter;
let me: Tokens;
const readers: SocketReader[] = [];

async function connect(options = {}): Promise<SocketReader> {
  const reader = await SocketReader.connect(api.url, me.access_token, options);
  readers.push(reader);
  return reader;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition() && performance.now() < deadline) await sleep(5);
  expect(condition()).toBe(true);
}

beforeAll(async () => {
  api = await createTestApp({ server: { roles: new Set(['api'] as const) } });
  worker = await createTestApp({ server: { roles: new Set(['worker'] as const) }, database: api.config.database });
  [here, elsewhere] = [new RunWriter(api.app), new RunWriter(worker.app)];
  me = await new ApiClient(api.url).signUp();
  await until(() => worker.app.get(StreamNotices).hasPeer('api') && api.app.get(StreamNotices).hasPeer('worker'));
});

afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

afterAll(async () => {
  await worker.close();
  await api.close();
});

function withoutAt(envelopes: readonly Envelope[]): unknown[] {
  return envelopes.map(({ type, data, stream, seq }) => ({ type, data, stream, seq }));
}

async function write(writer: RunWriter, run: WrittenRun, random: Random): Promise<unknown[]> {
  const written = await writer.append(run, ['execution.started']);
  for (let turn = 0; turn < 60; turn++) {
    written.push(
      ...(await writer.append(
        run,
        Array.from({ length: random.below(6) + 1 }, () => STEP),
      )),
    );
    await sleep(random.below(12));
  }
  written.push(...(await writer.append(run, ['execution.completed'])));
  return written.map(({ type, payload, stream, seq }) => ({ type, data: JSON.parse(payload) as unknown, stream, seq }));
}

describe.each([
  ['this process', () => here],
  ['another process', () => elsewhere],
])('readers of a run of %s that drop and resume', (_, writerOf) => {
  it('have the journal together: no gap, no double, no disorder', async () => {
    const random = new Random(20);
    const writer = writerOf();
    const run = await writer.create(me.user.id);
    const written = write(writer, run, random);
    const options = { url: api.url, token: me.access_token, runId: run.id };
    const kinds = [
      ...Object.values(READINGS).map((reading) => [reading]),
      Object.values(READINGS),
      Object.values(READINGS),
    ];
    const read = await Promise.all(
      kinds.map((readings, seed) => readAll(readings, { ...options, random: new Random(seed) })),
    );
    const journal = await written;
    for (const envelopes of read) expect(withoutAt(envelopes)).toEqual(journal);
  });
});

describe('a reader that never reads', () => {
  it.each([false, true])(
    'is given up with a bounded buffer (batch: %s), and the others are not disturbed',
    async (batch) => {
      const run = await here.create(me.user.id);
      await here.append(run, ['execution.started']);
      const [slow, quick] = [await connect({ auth: { batch } }), await connect()];
      await slow.subscribe(run.stream);
      await quick.subscribe(run.stream);
      const sessions = api.app.get(SocketSessions);
      const before = sessions.count;
      // What socket.io-client does not offer: the client's own TCP socket stops reading.
      const { transport } = slow.socket.io.engine as unknown as {
        transport: { ws: { _socket: { pause(): void; resume(): void } } };
      };
      transport.ws._socket.pause();
      const filler = 'x'.repeat(16 * 1024);
      for (let n = 0; n < 2_000 && sessions.count === before; n++) {
        await here.append(
          run,
          Array.from({ length: 8 }, () => STEP),
          { key: filler },
        );
      }
      expect(sessions.count).toBe(before - 1);
      transport.ws._socket.resume();
      await slow.until(() => slow.socket.disconnected);
      expect(slow.of('stream.slow')).toHaveLength(1);
      await quick.until(() => quick.seqs(run.stream).at(-1) === run.lastSeq);
      expect(quick.seqs(run.stream)).toHaveLength(run.lastSeq - 1);
    },
  );
});

describe('two processes on one database', () => {
  it('bring each other\u2019s events to the room and to subscribers', async () => {
    const reader = await connect();
    const run = await elsewhere.create(me.user.id);
    await elsewhere.append(run, ['execution.started', STEP]);
    await reader.until(() => reader.seqs(run.stream).length === 2);
    await reader.subscribe(run.stream);
    await elsewhere.append(run, [STEP]);
    await reader.until(() => reader.seqs(run.stream).length === 3);
    expect(reader.seqs(run.stream)).toEqual([1, 2, 3]);
  });

  it('bring the text of a step in progress, to late subscribers too, and take it away', async () => {
    const run = await elsewhere.create(me.user.id);
    await elsewhere.append(run, ['execution.started']);
    const early = await connect();
    await early.subscribe(run.stream);
    const text = 'Grüße \u{1F600} '.repeat(40);
    for (let at = 0; at < text.length; at += 7) {
      elsewhere.chunk(run, at, text.slice(at, at + 7));
      await sleep(4);
    }
    const textOf = (reader: SocketReader): string =>
      reader
        .of('agent.token')
        .map(({ data }) => data['text'])
        .join('');
    await early.until(() => textOf(early).length === text.length);
    expect(textOf(early)).toBe(text);
    const late = await connect();
    await late.subscribe(run.stream);
    await late.until(() => textOf(late) === text);
    expect(late.of('agent.token')[0]!.data['offset']).toBe(0);
    elsewhere.hub.stepEnded(run.stream, 'node:1');
    await elsewhere.append(run, [STEP]);
    await late.until(() => late.seqs(run.stream).length === 1);
    const later = await connect();
    await later.subscribe(run.stream);
    await sleep(150);
    expect(later.of('agent.token')).toEqual([]);
    const rows = await api.app
      .get(DataSource)
      .query<unknown[]>('SELECT 1 FROM live_text WHERE stream = $1', [run.streamId]);
    expect(rows).toEqual([]);
  });

  it('find what nobody announced within two seconds', async () => {
    const run = await elsewhere.create(me.user.id);
    const reader = await connect();
    await reader.subscribe(run.stream);
    await elsewhere.commit(run, ['execution.started', STEP]);
    await reader.until(() => reader.seqs(run.stream).length === 2, 2_000);
    expect(reader.seqs(run.stream)).toEqual([1, 2]);
  });

  it('go on after the connection for notices broke', async () => {
    const run = await elsewhere.create(me.user.id);
    const reader = await connect();
    await reader.subscribe(run.stream);
    await api.app.get(DataSource).query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'troupe-notices %'
       AND datname = current_database()`,
    );
    await elsewhere.append(run, ['execution.started']);
    await reader.until(() => reader.seqs(run.stream).length === 1, 3_000);
    await sleep(500);
    await elsewhere.append(run, [STEP]);
    await reader.until(() => reader.seqs(run.stream).length === 2, 500);
    expect(reader.seqs(run.stream)).toEqual([1, 2]);
  });

  it('pass hints on to each other and not to themselves', async () => {
    const heard: string[] = [];
    const [mine, others] = [api.app.get(StreamNotices), worker.app.get(StreamNotices)];
    const stops = [
      mine.onHint('work', () => heard.push('here')),
      others.onHint('work', (payload) => heard.push(payload)),
    ];
    mine.hint('work', 'elsewhere');
    await until(() => heard.length > 0);
    await sleep(50);
    expect(heard).toEqual(['elsewhere']);
    for (const stop of stops) stop();
  });
});
