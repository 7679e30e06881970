import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { SocketReader } from '../support/socket-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let api: ApiClient;

beforeAll(async () => {
  app = await createTestApp();
  api = new ApiClient(app.url);
});

afterAll(() => app.close());

describe('metrics', () => {
  const valuesOf = async (): Promise<ReadonlyMap<string, number>> => {
    const { body } = await api.get<string>('/metrics');
    const lines = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
  };

  it('count runs, steps, commits, tokens and readers', async () => {
    const { access_token: token } = await api.signUp();
    const reader = await SocketReader.connect(app.url, token);
    const nodes = [
      { id: 'a', type: 'initialPrompt', data: { text: 'a cat' } },
      { id: 'b', type: 'translator', data: { language: 'fr' } },
    ];
    const graph = { nodes, edges: [{ source: 'a', target: 'b' }], wait_seconds: 30 };
    const { body } = await api.post('/execution/run', graph, { token });
    expect(body['status']).toBe('completed');
    const values = await valuesOf();
    reader.close();
    expect(values.get('troupe_runs{status="completed"}')).toBe(1);
    expect(values.get('troupe_runs_ended_total{kind="flow",status="completed"}')).toBe(1);
    expect(values.get('troupe_queue_depth')).toBe(0);
    expect(values.get('troupe_step_duration_seconds_count{kind="node"}')).toBe(2);
    expect(values.get('troupe_commit_duration_seconds_count{kind="append"}')).toBeGreaterThan(0);
    const calls = 'troupe_model_call_duration_seconds_count{provider="offline",outcome="answered"}';
    expect(values.get(calls)).toBe(1);
    expect(values.get('troupe_model_tokens_total{provider="offline",direction="output"}')).toBeGreaterThan(0);
    expect(values.get('troupe_event_connections{transport="socket"}')).toBe(1);
    expect(values.get('troupe_database_pool_connections{state="limit"}')).toBe(5);
    expect(values.get('troupe_engine_step_slots')).toBe(app.config.engine.stepSlots);
  });
});
