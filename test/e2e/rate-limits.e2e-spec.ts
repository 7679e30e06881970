import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../support/api-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let api: ApiClient;

beforeAll(async () => {
  const rates = { requestsPerUserPerMinute: 60, requestBurstPerUser: 5, requestsPerAddressPerMinute: 20 };
  app = await createTestApp({
    server: { ...rates, requestTimeoutSeconds: 1, trustedProxies: ['127.0.0.1'] },
  });
  api = new ApiClient(app.url);
});

afterAll(() => app.close());

/** As the proxy tells it. */
function from(address: string): { headers: Record<string, string> } {
  return { headers: { 'x-forwarded-for': address } };
}

async function statuses(times: number, call: () => Promise<{ status: number }>): Promise<string> {
  const answers: number[] = [];
  for (let n = 0; n < times; n += 1) answers.push((await call()).status);
  return answers.join(' ');
}

describe('the general limits', () => {
  it('let a user’s burst through, then answer 429 and say when to come back', async () => {
    const { access_token: token } = await api.signUp();
    expect(await statuses(5, () => api.get('/auth/me', { token }))).toBe('200 200 200 200 200');
    const answer = await api.get('/auth/me', { token });
    expect([answer.status, answer.body['code']]).toEqual([429, 'RATE_LIMITED']);
    expect(answer.headers.get('retry-after')).toBe('1');
    const names = ['limit', 'remaining', 'reset', 'policy'];
    expect(names.map((name) => answer.headers.get(`ratelimit-${name}`))).toEqual(['60', '0', '5', '60;w=60;burst=5']);
    const other = (await api.signUp()).access_token;
    const mine = await api.get('/auth/me', { token: other });
    expect([mine.status, mine.headers.get('ratelimit-remaining')]).toEqual([200, '4']);
  });

  it('count whoever is not signed in by address, on whichever route', async () => {
    const stranger = from('192.0.2.1');
    const answers = [
      await statuses(10, () => api.get('/flows', stranger)),
      await statuses(5, () => fetch(`${app.url}/api/v1/no/such/route`, stranger)),
      await statuses(5, () => api.get('/flows', { ...stranger, token: 'nonsense' })),
    ];
    expect(answers.map((answer) => [...new Set(answer.split(' '))])).toEqual([['401'], ['404'], ['401']]);
    expect((await fetch(`${app.url}/api/v1/no/such/route`, stranger)).status).toBe(429);
    for (const path of ['/flows', '/auth/me']) {
      expect((await api.get(path, stranger)).body['code']).toBe('RATE_LIMITED');
    }
    const made = await api.get('/flows', { ...stranger, token: `trp_${'x'.repeat(43)}` });
    expect(made.body['code']).toBe('RATE_LIMITED');
    expect((await api.post('/auth/login', { identifier: 'a', password: 'b' }, stranger)).status).toBe(429);
    expect((await api.get('/flows', from('192.0.2.2'))).status).toBe(401);
  });

  it('take an IPv6 network for one address', async () => {
    await statuses(20, () => api.get('/flows', from('2001:db8:1:2::1')));
    expect((await api.get('/flows', from('2001:db8:1:2:ffff::9'))).status).toBe(429);
    expect((await api.get('/flows', from('2001:db8:1:3::1'))).status).toBe(401);
  });

  it('leave signed-in users alone whose address is used up, and probes', async () => {
    const busy = from('192.0.2.3');
    const { access_token: token } = await api.signUp();
    await statuses(21, () => api.get('/flows', busy));
    expect((await api.get('/auth/me', { ...busy, token })).status).toBe(200);
    expect(await statuses(30, () => api.get('/health', busy))).not.toContain('429');
  });
});

describe('the time limit of a request', () => {
  it('ends a connection whose request does not arrive', async () => {
    const { port, hostname } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    );
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    await new Promise((resolve) => socket.once('close', resolve));
    expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 408 Request Timeout');
  });
});
