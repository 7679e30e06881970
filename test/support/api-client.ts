import { randomUUID } from 'node:crypto';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface RequestOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly token_type: string;
  readonly expires_in: number;
  readonly user: { readonly id: string; readonly username: string; readonly email: string };
}

export interface Account {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/** Calls the API as a client would: JSON out, JSON in. */
export class ApiClient {
  constructor(
    private readonly url: string,
    private readonly prefix = '/api/v1',
  ) {}

  async request<T = Record<string, unknown>>(
    method: string,
    path: string,
    { body, headers, token }: RequestOptions = {},
  ): Promise<Answer<T>> {
    const isRaw = typeof body === 'string' || body instanceof URLSearchParams;
    const response = await fetch(`${this.url}${this.prefix}${path}`, {
      method,
      headers: {
        ...(body !== undefined && !isRaw && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: isRaw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  get<T = Record<string, unknown>>(path: string, options?: RequestOptions): Promise<Answer<T>> {
    return this.request('GET', path, options);
  }

  post<T = Record<string, unknown>>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer<T>> {
    return this.request('POST', path, { body, ...options });
  }

  login(identifier: string, password: string, options?: RequestOptions): Promise<Answer<Tokens>> {
    return this.post('/auth/login', { identifier, password }, options);
  }

  /** Registers a new user and signs in. */
  async signUp(account: Account = newAccount()): Promise<Tokens & { readonly account: Account }> {
    await this.post('/auth/register', account);
    const { body } = await this.login(account.username, account.password);
    return { ...body, account };
  }
}

/** An account nobody has yet. */
export function newAccount(): Account {
  const username = `user-${randomUUID()}`;
  return { username, email: `${username}@example.org`, password: 'correct horse battery' };
}
