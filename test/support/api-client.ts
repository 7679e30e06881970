import { randomBytes } from 'node:crypto';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Speaks to the API as one signed-in user. */
export class ApiClient {
  private constructor(
    readonly url: string,
    readonly token: string,
    readonly userId: string,
  ) {}

  /** A new account, signed in. */
  static async signUp(url: string): Promise<ApiClient> {
    const name = `user-${randomBytes(6).toString('hex')}`;
    const password = randomBytes(12).toString('hex');
    const created = await send(url, 'POST', '/auth/register', {
      username: name,
      email: `${name}@example.com`,
      password,
    });
    const login = await send(url, 'POST', '/auth/login', { identifier: name, password });
    if (created.status !== 201 || login.status !== 200)
      throw new Error(`sign-up answered ${created.status}, ${login.status}`);
    return new ApiClient(url, String(login.body['access_token']), String(created.body['id']));
  }

  get(path: string): Promise<ApiAnswer> {
    return send(this.url, 'GET', path, undefined, this.token);
  }

  post(path: string, body: unknown = {}): Promise<ApiAnswer> {
    return send(this.url, 'POST', path, body, this.token);
  }

  put(path: string, body: unknown): Promise<ApiAnswer> {
    return send(this.url, 'PUT', path, body, this.token);
  }

  patch(path: string, body: unknown): Promise<ApiAnswer> {
    return send(this.url, 'PATCH', path, body, this.token);
  }

  delete(path: string): Promise<ApiAnswer> {
    return send(this.url, 'DELETE', path, undefined, this.token);
  }
}

async function send(url: string, method: string, path: string, body?: unknown, token?: string): Promise<ApiAnswer> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: (text === '' ? {} : JSON.parse(text)) as ApiAnswer['body'],
  };
}
