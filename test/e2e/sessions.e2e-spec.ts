import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids/id.js';
import { ApiClient, newAccount, type Tokens } from '../support/api-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let api: ApiClient;

beforeAll(async () => {
  app = await createTestApp();
  api = new ApiClient(app.url);
});

afterAll(() => app.close());

async function twoSessions() {
  const account = newAccount();
  const first: Tokens = await api.signUp(account);
  const { body: second } = await api.login(account.username, account.password, { headers: { 'user-agent': 'Tab 2' } });
  return { account, first: first.access_token, second: second.access_token, refresh: first.refresh_token };
}

async function codeOf(method: string, path: string, token: string, body?: unknown): Promise<unknown> {
  const answer = await api.request(method, path, { token, body });
  return answer.status < 400 ? answer.status : answer.body['code'];
}

describe('sessions', () => {
  it('are listed, and ended one by one', async () => {
    const { first, second } = await twoSessions();
    const { body } = await api.get('/auth/sessions', { token: first });
    const items = body['items'] as { id: string; is_current: boolean; user_agent: string }[];
    expect(items.map(({ is_current, user_agent }) => [is_current, user_agent])).toEqual([
      [false, 'Tab 2'],
      [true, 'node'],
    ]);
    expect(await codeOf('DELETE', `/auth/sessions/${items[0]!.id}`, first)).toBe(204);
    expect(await codeOf('GET', '/auth/me', second)).toBe('SESSION_ENDED');
    expect(await codeOf('DELETE', `/auth/sessions/${items[0]!.id}`, first)).toBe('SESSION_NOT_FOUND');
  });

  it('of others are not there', async () => {
    const [mine, theirs] = [await twoSessions(), await twoSessions()];
    const { body } = await api.get('/auth/sessions', { token: theirs.first });
    const [{ id }] = body['items'] as [{ id: string }];
    expect(await codeOf('DELETE', `/auth/sessions/${id}`, mine.first)).toBe('SESSION_NOT_FOUND');
    expect(await codeOf('DELETE', `/auth/sessions/${newId()}`, mine.first)).toBe('SESSION_NOT_FOUND');
    expect(await codeOf('GET', '/auth/me', theirs.second)).toBe(200);
  });
});

describe('POST /auth/password', () => {
  it('changes the password and ends all other sessions', async () => {
    const { account, first, second, refresh } = await twoSessions();
    const body = { current_password: account.password, new_password: 'quite another one' };
    expect(await codeOf('POST', '/auth/password', second, body)).toBe(204);
    expect(await codeOf('GET', '/auth/me', first)).toBe('SESSION_ENDED');
    expect(await codeOf('GET', '/auth/me', second)).toBe(200);
    const refreshed = await api.post('/auth/refresh', { refresh_token: refresh });
    expect(refreshed.body['code']).toBe('INVALID_REFRESH_TOKEN');
    expect((await api.login(account.username, account.password)).status).toBe(401);
    expect((await api.login(account.username, 'quite another one')).status).toBe(200);
  });

  it('wants the present one, and looks at a limited number of wrong ones', async () => {
    const { account, first } = await twoSessions();
    const wrong = { current_password: 'not this one', new_password: 'quite another one' };
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(await codeOf('POST', '/auth/password', first, wrong)).toBe('INVALID_CREDENTIALS');
    }
    expect(await codeOf('POST', '/auth/password', first, wrong)).toBe('TOO_MANY_ATTEMPTS');
    expect((await api.login(account.username, account.password)).status).toBe(429);
  });

  it('changes nothing by a password that is too short', async () => {
    const { account, first } = await twoSessions();
    const body = { current_password: account.password, new_password: 'short' };
    expect(await codeOf('POST', '/auth/password', first, body)).toBe('INVALID_INPUT');
    expect((await api.login(account.username, account.password)).status).toBe(200);
  });
});
