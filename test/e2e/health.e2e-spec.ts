import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DrainState } from '../../src/common/lifecycle/drain-state.js';
import { ReadinessRegistry } from '../../src/common/lifecycle/readiness-registry.js';
import { ApiClient } from '../support/api-client.js';
import { executeSql } from '../support/execute-sql.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let api: ApiClient;

beforeAll(async () => {
  app = await createTestApp({ server: { metricsToken: 'the-token-of-the-scraper' } });
  api = new ApiClient(app.url);
});

afterAll(() => app.close());

describe('health', () => {
  it('says that the process lives, to anybody', async () => {
    const { status, body, headers } = await api.get('/health');
    expect([status, body]).toEqual([200, { status: 'ok' }]);
    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('is ready with each dependency', async () => {
    const { status, body } = await api.get('/health/ready');
    expect(status).toBe(200);
    expect(body['status']).toBe('ready');
    expect(body['checks']).toContainEqual({
      name: 'database',
      status: 'ok',
      duration_ms: expect.any(Number) as number,
    });
  });

  it('is not ready while a dependency is away, and says which and why', async () => {
    let isAway = true;
    app.app.get(ReadinessRegistry).register('moon', async () => {
      if (isAway) throw new Error('it is behind a cloud');
    });
    const { status, body } = await api.get('/health/ready');
    expect(status).toBe(503);
    expect(body).toMatchObject({ code: 'NOT_READY', status: 503, detail: 'moon: it is behind a cloud' });
    expect(body['checks']).toContainEqual(expect.objectContaining({ name: 'moon', status: 'failed' }));
    isAway = false;
    expect((await api.get('/health/ready')).status).toBe(200);
  });
});

describe('metrics', () => {
  it('are for who has the token', async () => {
    expect((await api.get('/metrics')).status).toBe(401);
    expect((await api.get('/metrics', { token: 'another' })).status).toBe(401);
  });

  it('count answers by route, not by address', async () => {
    await api.get('/users/019a0000-0000-7000-8000-000000000001');
    const { status, body } = await api.get<string>('/metrics', { token: 'the-token-of-the-scraper' });
    expect(status).toBe(200);
    expect(body).toContain('process_cpu_user_seconds_total');
    expect(body).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/users\/:id",status="401"\} 1/,
    );
    expect(body).not.toContain('019a0000');
  });
});

describe('a database that goes away', () => {
  it('is a 503 while it is gone, and nothing has to be restarted', async () => {
    const { access_token } = await api.signUp();
    const name = new URL(app.config.database.url).pathname.slice(1);
    const admin = inject('testDatabaseAdminUrl');
    await executeSql(admin, `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
    await executeSql(admin, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    expect((await api.get('/health/ready')).status).toBe(503);
    expect((await api.get('/health')).status).toBe(200);
    expect((await api.get('/metrics', { token: 'the-token-of-the-scraper' })).status).toBe(200);
    const login = await api.login('ada', 'some password');
    expect([login.status, login.headers.get('retry-after')]).toEqual([503, '1']);
    await executeSql(admin, `ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    expect((await api.get('/health/ready')).status).toBe(200);
    expect((await api.get('/auth/me', { token: access_token })).status).toBe(200);
  });
});

describe('draining', () => {
  it('refuses requests as a problem, and goes on telling why it is not ready', async () => {
    app.app.get(DrainState).begin();
    const refused = await api.get('/auth/me');
    expect([refused.status, refused.body['code']]).toEqual([503, 'DRAINING']);
    expect(refused.headers.get('retry-after')).toBe('1');
    const ready = await api.get('/health/ready');
    expect([ready.status, ready.body['code']]).toEqual([503, 'DRAINING']);
    expect((await api.get('/health')).status).toBe(200);
  });
});
