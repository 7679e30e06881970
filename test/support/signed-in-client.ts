import { ApiClient, type Answer } from './api-client.js';

type Body = Readonly<Record<string, unknown>>;

/** Speaks to the API as one signed-in user. */
export class SignedInClient {
  private constructor(
    private readonly api: ApiClient,
    readonly url: string,
    readonly token: string,
    readonly userId: string,
  ) {}

  /** A new account, signed in. */
  static async signUp(url: string): Promise<SignedInClient> {
    const api = new ApiClient(url);
    const { access_token: token, user } = await api.signUp();
    return new SignedInClient(api, url, token, user.id);
  }

  /** The same user at another address: another process, or the same after a restart. */
  at(url: string): SignedInClient {
    return new SignedInClient(new ApiClient(url), url, this.token, this.userId);
  }

  get(path: string): Promise<Answer<Body>> {
    return this.request('GET', path);
  }

  post(path: string, body: unknown = {}): Promise<Answer<Body>> {
    return this.request('POST', path, body);
  }

  put(path: string, body: unknown): Promise<Answer<Body>> {
    return this.request('PUT', path, body);
  }

  patch(path: string, body: unknown): Promise<Answer<Body>> {
    return this.request('PATCH', path, body);
  }

  delete(path: string): Promise<Answer<Body>> {
    return this.request('DELETE', path);
  }

  private request(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    return this.api.request(method, path, { body, token: this.token });
  }
}
