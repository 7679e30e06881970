import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids/id.js';
import { StreamAccess } from '../../src/modules/streams/stream-access.js';
import { ApiClient, type Tokens } from '../support/api-client.js';
import { RunWriter, type WrittenRun } from '../support/run-writer.js';
import { SocketReader } from '../support/socket-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const STEP = 'execution.step.completed';

let app: TestApp;
let api: ApiClient;
let writer: RunWriter;
let me: Tokens;
let run: WrittenRun;
const readers: SocketReader[] = [];

async function connect(options = {}, token = me.access_token): Promise<SocketReader> {
  const reader = await SocketReader.connect(app.url, token, options);
  readers.push(reader);
  return reader;
}

beforeAll(async () => {
  app = await createTestApp({ server: { corsOrigins: ['https://spa.example'] } });
  api = new ApiClient(app.url);
  writer = new RunWriter(app.app);
  me = await api.signUp();
  run = await writer.create(me.user.id);
  await writer.append(run, ['execution.started', STEP, STEP]);
});

afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

afterAll(() => app.close());

async function refusal(options: {
  token?: string;
  cookie?: string;
  origin?: string;
  query?: object;
}): Promise<unknown> {
  const extraHeaders = {
    ...(options.cookie && { cookie: options.cookie }),
    ...(options.origin && { origin: options.origin }),
  };
  const reader = new SocketReader(app.url, options.token ?? '', { extraHeaders, query: options.query ?? {} });
  if (options.token === undefined) reader.socket.auth = {};
  readers.push(reader);
  return new Promise((resolve, reject) => {
    reader.socket.on('connect_error', (error) => resolve('data' in error ? error.data : error));
    reader.socket.on('connect', () => reject(new Error('the socket was let in')));
  });
}

describe('signing a socket in', () => {
  it.each(['websocket', 'polling'])('greets by %s with an envelope without stream and seq', async (transport) => {
    const reader = await connect({ transports: [transport] });
    const [ready] = reader.of('connection.ready');
    expect(Object.keys(ready!).sort()).toEqual(['at', 'data', 'type']);
    expect(ready!.data).toEqual({ user_id: me.user.id, session_id: expect.any(String) });
  });

  it('takes the token from the query and from the cookie', async () => {
    const extraHeaders = { cookie: `access_token=${me.access_token}` };
    for (const options of [{ query: { token: me.access_token } }, { extraHeaders }]) {
      const reader = new SocketReader(app.url, '', options);
      reader.socket.auth = {};
      readers.push(reader);
      await reader.until(() => reader.of('connection.ready').length > 0);
      expect(reader.of('connection.ready')[0]!.data['user_id']).toBe(me.user.id);
    }
  });

  it('refuses without, with a wrong and with a malformed token', async () => {
    expect(await refusal({})).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await refusal({ token: 'wrong' })).toMatchObject({ code: 'UNAUTHORIZED' });
    expect(await refusal({ query: { token: 'x.y.z' } })).toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('refuses a cookie that the page of another site sends', async () => {
    const cookie = `access_token=${me.access_token}`;
    expect(await refusal({ cookie, origin: 'https://evil.example' })).toMatchObject({ code: 'UNAUTHORIZED' });
  });

  it('disconnects with auth.expired within a second of the logout', async () => {
    const other = await api.signUp();
    const reader = await connect({}, other.access_token);
    await api.post('/auth/logout', { refresh_token: other.refresh_token });
    await reader.until(() => reader.socket.disconnected, 1_000);
    expect(reader.of('auth.expired').map(({ data }) => data)).toEqual([{ reason: 'revoked' }]);
  });
});

describe('messages', () => {
  it('answers ping with pong and acknowledges it', async () => {
    const reader = await connect();
    expect(await reader.send('ping')).toEqual({ ok: true });
    await reader.until(() => reader.of('pong').length === 1);
  });

  it.each([
    ['subscribe', {}, 'INVALID_INPUT'],
    ['subscribe', { stream: 5, after: -1 }, 'INVALID_INPUT'],
    ['subscribe', { stream: 'run:x' }, 'STREAM_NOT_FOUND'],
    ['subscribe', { stream: 'nobody:00000000-0000-7000-8000-000000000000' }, 'STREAM_NOT_FOUND'],
    ['subscribe', 'run', 'INVALID_INPUT'],
    ['subscribe', { stream: 'a\0b' }, 'INVALID_INPUT'],
    ['subscribe', { stream: 'run:x', more: 1 }, 'INVALID_INPUT'],
    ['join_project', { project_id: '00000000-0000-7000-8000-000000000000' }, 'STREAM_NOT_FOUND'],
    ['nothing.like.it', {}, 'UNKNOWN_MESSAGE'],
  ])('acknowledges %s %j with %s', async (name, data, code) => {
    const reader = await connect();
    const ack = await reader.send(name, data);
    expect(ack).toMatchObject({ ok: false, error: { code, message: expect.any(String) } });
  });

  it('tells every fault of a message at once', async () => {
    const { error } = await (await connect()).send('subscribe', { stream: 5, after: 'x' });
    expect(error?.errors?.map(({ path }) => path).sort()).toEqual(['/after', '/stream', '/stream']);
  });

  it('does not show the stream of somebody else', async () => {
    const other = await api.signUp();
    const reader = await connect({}, other.access_token);
    expect(await reader.subscribe(run.stream)).toMatchObject({ ok: false, error: { code: 'STREAM_NOT_FOUND' } });
  });

  it('refuses more messages than a client can mean', async () => {
    const reader = await connect();
    const acks = await Promise.all(Array.from({ length: 400 }, () => reader.send('ping')));
    expect(acks.filter(({ ok }) => ok).length).toBeLessThan(350);
    expect(acks.find(({ ok }) => !ok)?.error?.code).toBe('TOO_MANY_MESSAGES');
  });
});

describe('subscriptions', () => {
  it('acknowledges with the last seq, then replays, then goes on live', async () => {
    const reader = await connect();
    let replayedBefore = -1;
    const ack = await new Promise((resolve) => {
      reader.socket.emit('subscribe', { stream: run.stream, after: 1 }, (answer: unknown) => {
        replayedBefore = reader.seqs(run.stream).length;
        resolve(answer);
      });
    });
    expect(ack).toEqual({ ok: true, stream: run.stream, seq: run.lastSeq });
    expect(replayedBefore).toBe(0);
    await writer.append(run, [STEP, STEP]);
    await reader.until(() => reader.seqs(run.stream).at(-1) === run.lastSeq);
    expect(reader.seqs(run.stream)).toEqual(Array.from({ length: run.lastSeq - 1 }, (_, index) => index + 2));
  });

  it('sends envelopes with type, data, stream, seq, at and trace_id', async () => {
    const reader = await connect();
    await reader.subscribe(run.stream, { after: 0 });
    await reader.until(() => reader.seqs(run.stream).length > 0);
    expect(reader.of('execution.started')[0]).toEqual({
      type: 'execution.started',
      data: { run_id: run.id },
      stream: run.stream,
      seq: 1,
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      trace_id: run.id.replaceAll('-', ''),
    });
  });

  it('brings events of own runs through the room, and each once with a subscription', async () => {
    const [inRoom, subscribed] = await Promise.all([connect(), connect()]);
    await subscribed.subscribe(run.stream);
    const events = await writer.append(run, [STEP, STEP, STEP]);
    const seqs = events.map(({ seq }) => seq);
    await inRoom.until(() => inRoom.seqs(run.stream).length >= 3);
    await subscribed.until(() => subscribed.seqs(run.stream).length >= 3);
    await sleep(50);
    expect(inRoom.seqs(run.stream)).toEqual(seqs);
    expect(subscribed.seqs(run.stream)).toEqual(seqs);
  });

  it('brings nothing to others', async () => {
    const other = await api.signUp();
    const reader = await connect({}, other.access_token);
    await writer.append(run, [STEP]);
    await sleep(100);
    expect(reader.seqs(run.stream)).toEqual([]);
  });

  it('goes back to the room after unsubscribe', async () => {
    const reader = await connect();
    await reader.subscribe(run.stream);
    expect(await reader.send('unsubscribe', { stream: run.stream })).toEqual({ ok: true, stream: run.stream });
    writer.chunk(run, 0, 'unheard', { step: 'node:9' });
    const [event] = await writer.append(run, [STEP]);
    await reader.until(() => reader.seqs(run.stream).length === 1);
    expect(reader.seqs(run.stream)).toEqual([event!.seq]);
    expect(reader.of('agent.token')).toEqual([]);
    writer.hub.stepEnded(run.stream, 'node:9');
  });

  it('gives a late subscriber the text so far at offset 0, then the rest', async () => {
    writer.chunk(run, 0, 'Hello ', { step: 'node:2' });
    const reader = await connect();
    await reader.subscribe(run.stream);
    await reader.until(() => reader.of('agent.token').length === 1);
    writer.chunk(run, 6, 'you', { step: 'node:2' });
    await reader.until(() => reader.of('agent.token').length === 2);
    expect(reader.of('agent.token').map(({ data, seq }) => ({ data, seq }))).toEqual([
      { data: { run_id: run.id, step: 'node:2', attempt: 1, offset: 0, text: 'Hello ' }, seq: undefined },
      { data: { run_id: run.id, step: 'node:2', attempt: 1, offset: 6, text: 'you' }, seq: undefined },
    ]);
    writer.hub.stepEnded(run.stream, 'node:2');
  });

  it('tells which events retention took', async () => {
    const cut = await writer.create(me.user.id);
    await writer.append(cut, [STEP, STEP, STEP, STEP]);
    await app.app.get(DataSource).query('DELETE FROM event_logs WHERE stream = $1 AND seq < 3', [cut.streamId]);
    await app.app.get(DataSource).query('UPDATE streams SET first_seq = 3 WHERE id = $1', [cut.streamId]);
    const reader = await connect();
    await reader.subscribe(cut.stream, { after: 0 });
    await reader.until(() => reader.seqs(cut.stream).length === 2);
    expect(reader.of('stream.gap').map(({ data }) => data)).toEqual([{ stream: cut.stream, from: 1, to: 2 }]);
  });

  it('sends arrays of envelopes in batch mode', async () => {
    const reader = await connect({ auth: { batch: true } });
    await reader.subscribe(run.stream, { after: 0 });
    await reader.until(() => reader.seqs(run.stream).length === run.lastSeq);
    for (let n = 0; n < 20; n++) await writer.append(run, [STEP, STEP]);
    await reader.until(() => reader.seqs(run.stream).length === run.lastSeq);
    expect(reader.seqs(run.stream)).toEqual(Array.from({ length: run.lastSeq }, (_, index) => index + 1));
    expect(reader.batches.length).toBeLessThan(run.lastSeq / 2);
  });

  it('follows the streams of a tree, those of runs to come included', async () => {
    const root = await writer.create(me.user.id);
    const first = await writer.create(me.user.id, root);
    await writer.append(root, ['execution.started']);
    await writer.append(first, ['execution.started', STEP]);
    const reader = await connect();
    await reader.subscribe(root.stream, { tree: true, after: { [root.stream]: 0, [first.stream]: 1 } });
    await reader.until(() => reader.seqs(first.stream).length === 1);
    const second = await writer.create(me.user.id, first);
    await writer.append(second, ['execution.started', STEP]);
    writer.chunk(second, 0, 'text of a grandchild');
    await reader.until(() => reader.of('agent.token').length === 1);
    await writer.append(second, [STEP]);
    await reader.until(() => reader.seqs(second.stream).length >= 3);
    expect([root, first, second].map(({ stream }) => reader.seqs(stream))).toEqual([[1], [2], [1, 2, 3]]);
  });

  it('ends with stream.revoked for whoever loses access', async () => {
    const lost = await writer.create(me.user.id);
    const reader = await connect();
    await reader.subscribe(lost.stream, { after: 0 });
    await app.app.get(DataSource).query('UPDATE runs SET user_id = $2 WHERE id = $1', [lost.id, newId()]);
    app.app.get(StreamAccess).changed(me.user.id);
    await reader.until(() => reader.of('stream.revoked').length === 1, 1_000);
    expect(reader.of('stream.revoked')[0]!.data).toEqual({ stream: lost.stream });
  });
});

describe('execution over sockets', () => {
  const nodes = [
    { id: 'a', type: 'initialPrompt', data: { text: 'a cat' } },
    { id: 'b', type: 'translator', data: { language: 'fr' } },
    { id: 'c', type: 'textOutput', data: {} },
  ];
  const edges = [
    { source: 'a', target: 'b', source_handle: 'text-out', target_handle: 'text-in' },
    { source: 'b', target: 'c', source_handle: 'text-out', target_handle: 'text-in' },
  ];

  it('starts a flow and follows it from its first event, each event once', async () => {
    const reader = await connect();
    const ack = (await reader.send('execution.start', { nodes, edges })) as unknown as { ok: boolean; run_id: string };
    expect(ack).toMatchObject({ ok: true, run_id: expect.any(String) });
    const stream = `run:${ack.run_id}`;
    await reader.until(() => reader.of('execution.completed').length > 0);
    const seqs = reader.seqs(stream);
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => index + 1));
    expect(reader.of('agent.token').length).toBeGreaterThan(0);
    expect(await reader.send('execution.cancel', { run_id: ack.run_id })).toMatchObject({
      error: { code: 'RUN_ENDED' },
    });
  });

  it('tells every fault of a graph', async () => {
    const reader = await connect();
    const faulty = [
      { id: 'a', type: 'nothing', data: {} },
      { id: 'a', type: 'textOutput', data: {} },
    ];
    const { ok, error } = await reader.send('execution.start', { nodes: faulty, edges });
    expect(ok).toBe(false);
    expect(error?.errors?.length).toBeGreaterThan(1);
  });

  it('cancels only what is one\u2019s own', async () => {
    const other = await api.signUp();
    const reader = await connect({}, other.access_token);
    const ack = await reader.send('execution.cancel', { run_id: run.id });
    expect(ack).toMatchObject({ ok: false, error: { code: 'RUN_NOT_FOUND' } });
  });
});
