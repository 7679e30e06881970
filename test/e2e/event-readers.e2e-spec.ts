import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { StreamReader } from '../../src/modules/streams/stream-reader.js';
import { ApiClient, type Tokens } from '../support/api-client.js';
import { RunWriter, type WrittenRun } from '../support/run-writer.js';
import type { Envelope } from '../support/socket-reader.js';
import { SseReader } from '../support/sse-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const STEP = 'execution.step.completed';

interface Page {
  readonly items: Envelope[];
  readonly next_after: number;
  readonly has_more: boolean;
}

let app: TestApp;
let api: ApiClient;
let writer: RunWriter;
let me: Tokens;
let run: WrittenRun;
const readers: SseReader[] = [];

async function open(query = '', headers: Record<string, string> = {}): Promise<SseReader> {
  const reader = await SseReader.open(`${app.url}/api/v1/runs/${run.id}/events${query}`, me.access_token, headers);
  readers.push(reader);
  return reader;
}

async function until(condition: () => boolean, timeoutMs = 5_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!condition() && performance.now() < deadline) await sleep(5);
  expect(condition()).toBe(true);
}

beforeAll(async () => {
  app = await createTestApp();
  api = new ApiClient(app.url);
  writer = new RunWriter(app.app);
  me = await api.signUp();
});

beforeEach(async () => {
  run = await writer.create(me.user.id);
  await writer.append(run, ['execution.started', STEP, STEP, STEP, STEP]);
});

afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

afterAll(() => app.close());

describe('GET /runs/{id}/events', () => {
  it('answers pages that follow one another', async () => {
    const token = me.access_token;
    const first = await api.get<Page>(`/runs/${run.id}/events?limit=2`, { token });
    const second = await api.get<Page>(`/runs/${run.id}/events?limit=3&after=${first.body.next_after}`, { token });
    const third = await api.get<Page>(`/runs/${run.id}/events?after=5`, { token });
    expect([first.body.has_more, second.body.has_more, third.body.has_more]).toEqual([true, false, false]);
    expect([...first.body.items, ...second.body.items].map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(third.body).toEqual({ items: [], next_after: 5, has_more: false });
    expect(first.body.items[0]).toMatchObject({
      type: 'execution.started',
      stream: run.stream,
      data: { run_id: run.id },
    });
  });

  it('answers the same by the name of the stream', async () => {
    const token = me.access_token;
    const byRun = await api.get<Page>(`/runs/${run.id}/events`, { token });
    const byStream = await api.get<Page>(`/events?stream=${run.stream}`, { token });
    expect(byStream.body).toEqual(byRun.body);
  });

  it.each([
    ['/runs/none/events', 400, 'INVALID_INPUT'],
    ['/runs/00000000-0000-7000-8000-000000000000/events', 404, 'STREAM_NOT_FOUND'],
    ['/events', 400, 'INVALID_INPUT'],
    ['/events?stream=run', 400, 'INVALID_INPUT'],
    ['/events?stream=nobody:00000000-0000-7000-8000-000000000000', 404, 'STREAM_NOT_FOUND'],
    ['/events?stream=run:00000000-0000-7000-8000-000000000000&after=-1', 400, 'INVALID_INPUT'],
    ['/events?stream=run:00000000-0000-7000-8000-000000000000&limit=1001', 400, 'INVALID_INPUT'],
  ])('answers %s with %d %s', async (path, status, code) => {
    const answer = await api.get(path, { token: me.access_token });
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('does not show the events of somebody else', async () => {
    const other = await api.signUp();
    for (const accept of ['application/json', 'text/event-stream']) {
      const options = { token: other.access_token, headers: { accept } };
      expect((await api.get(`/runs/${run.id}/events`, options)).status).toBe(404);
    }
    expect((await api.get(`/runs/${run.id}/events`)).status).toBe(401);
  });
});

describe('server-sent events', () => {
  it('end when the database goes away between the headers and the first event', async () => {
    const source = app.app.get(StreamReader);
    const look = source.open.bind(source);
    // The second of two looks is the one behind the headers.
    vi.spyOn(source, 'open').mockImplementationOnce(look).mockRejectedValueOnce(new Error('Connection terminated'));
    const reader = await open();
    await Promise.race([reader.ended, sleep(3_000).then(() => Promise.reject(new Error('still open')))]);
    expect(reader.events).toEqual([]);
  });

  it('replays, goes on live and closes after the last event of a run', async () => {
    const reader = await open();
    expect(reader.response.headers.get('content-type')).toContain('text/event-stream');
    await until(() => reader.events.length === 5);
    writer.chunk(run, 0, 'text');
    await writer.append(run, [STEP, 'execution.completed']);
    await reader.ended;
    expect(reader.events.map(({ id }) => id)).toEqual(['1', '2', '3', '4', '5', undefined, '6', '7']);
    expect(reader.events.map(({ type, envelope }) => type === envelope.type)).not.toContain(false);
    expect(reader.events[5]!.envelope.data).toEqual({
      run_id: run.id,
      step: 'node:1',
      attempt: 1,
      offset: 0,
      text: 'text',
    });
  });

  it('lets Last-Event-ID win over after', async () => {
    const reader = await open('?after=1', { 'last-event-id': '3' });
    await until(() => reader.events.length === 2);
    expect(reader.seqs).toEqual([4, 5]);
  });

  it('takes the token from the query', async () => {
    const url = `${app.url}/api/v1/events?stream=${run.stream}&token=${me.access_token}`;
    const response = await fetch(url, { headers: { accept: 'text/event-stream' } });
    expect(response.status).toBe(200);
    await response.body?.cancel();
  });

  it('tells a reader who has it all not to come back', async () => {
    await writer.append(run, ['execution.completed']);
    expect((await open('?after=6')).response.status).toBe(204);
    const rest = await open('?after=5');
    await rest.ended;
    expect(rest.seqs).toEqual([6]);
  });

  it('refuses a Last-Event-ID that is none', async () => {
    expect((await open('', { 'last-event-id': 'x' })).response.status).toBe(400);
  });

  it('keeps the headers that every answer has', async () => {
    const reader = await open('', { origin: 'https://elsewhere.example' });
    expect(reader.response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(reader.response.headers.get('traceparent')).toMatch(/^00-/);
  });

  it('ends within a second of the logout', async () => {
    const other = await api.signUp();
    const own = await writer.create(other.user.id);
    await writer.append(own, ['execution.started']);
    const reader = await SseReader.open(`${app.url}/api/v1/runs/${own.id}/events`, other.access_token);
    await until(() => reader.events.length === 1);
    await api.post('/auth/logout', { refresh_token: other.refresh_token });
    await until(() => reader.events.length === 2, 1_000);
    await reader.ended;
    expect(reader.events.at(-1)).toMatchObject({ type: 'auth.expired', envelope: { data: { reason: 'revoked' } } });
  });

  it('follows nothing for a reader who has gone', async () => {
    const reader = await open();
    await until(() => reader.events.length === 5);
    const followed = writer.hub.subscribedStreams().length;
    reader.close();
    await until(() => writer.hub.subscribedStreams().length < followed);
    expect(writer.hub.subscribedStreams()).toHaveLength(followed - 1);
  });
});

describe('GET /docs-events', () => {
  it('answers the schema of each event to everybody', async () => {
    const response = await fetch(`${app.url}/docs-events`);
    const { events } = (await response.json()) as { events: Record<string, { streams: string[]; schema: object }> };
    expect(events['execution.node.completed']).toMatchObject({ streams: ['run'], schema: { type: 'object' } });
    expect(events['connection.ready']?.streams).toEqual([]);
  });
});
