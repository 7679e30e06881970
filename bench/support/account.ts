import { randomUUID } from 'node:crypto';

/** A signed-in user of the product: asks by REST what a measurement needs, and checks nothing of the answers' form. */
export class Account {
  private constructor(
    private readonly url: string,
    readonly token: string,
    readonly userId: string,
  ) {}

  static async signUp(url: string): Promise<Account> {
    const username = `bench-${randomUUID()}`;
    const password = randomUUID();
    await post(url, '/auth/register', { username, email: `${username}@example.org`, password });
    const answer = await post(url, '/auth/login', { identifier: username, password });
    const { access_token: token, user } = answer as { access_token: string; user: { id: string } };
    return new Account(url, token, user.id);
  }

  /** @throws {Error} on any status but success */
  post(path: string, body: object): Promise<unknown> {
    return post(this.url, path, body, { authorization: `Bearer ${this.token}` });
  }
}

async function post(url: string, path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
  const response = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}
