import { randomUUID } from 'node:crypto';
import { apiContract } from './contract/contract.js';

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

/** Routes that are not in the document: those for documentation itself. */
const UNDOCUMENTED = /^\/docs(\/|-|$)/;

/** Calls the API as a client would: JSON out, JSON in. Every answer has to be as the document says. */
export class ApiClient {
  /** @param undocumented further routes that are not in the document: those that only a test has */
  constructor(
    private readonly url: string,
    private readonly prefix = '/api/v1',
    private readonly undocumented: RegExp = UNDOCUMENTED,
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
    this.check(method, path, response, text);
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  private check(method: string, path: string, { status, headers }: Response, text: string): void {
    const isUndocumented = method === 'OPTIONS' || UNDOCUMENTED.test(path) || this.undocumented.test(path);
    if (isUndocumented) return;
    apiContract().check(method, this.prefix + path, { status, contentType: headers.get('content-type'), text });
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
