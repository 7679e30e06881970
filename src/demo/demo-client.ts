import { DemoError } from './demo.errors.js';

export interface DemoAccount {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

interface ProviderItem {
  readonly id: string;
  readonly name: string;
  readonly is_default: boolean;
}

/** The few calls of the REST API that the demo makes. */
export class DemoClient {
  private token: string | undefined;

  constructor(readonly url: string) {}

  get accessToken(): string {
    if (this.token === undefined) throw new DemoError('Nobody is signed in.');
    return this.token;
  }

  /** @throws {DemoError} saying what to do when nobody answers, or not as Troupe does */
  async assertReady(): Promise<void> {
    const answer = await this.fetch('/health/ready').catch(() => undefined);
    if (!answer) {
      throw new DemoError(
        `No server answers at ${this.url}.\n\nStart it in another terminal, then run the demo again:\n\n    npm start\n\n` +
          'A server on another address is found by the same PORT and HOST, from the environment or from .env.',
      );
    }
    if (!answer.ok) throw new DemoError(`What answers at ${this.url} is not ready: ${describe(answer.status, '')}`);
  }

  async signUp(account: DemoAccount): Promise<void> {
    const { username, password } = account;
    await this.post('/auth/register', account);
    const tokens = await this.post<{ access_token: string }>('/auth/login', { identifier: username, password });
    this.token = tokens.access_token;
  }

  /** The provider that is asked when nobody names one. */
  async defaultProvider(): Promise<ProviderItem> {
    const { items } = await this.call<{ items: ProviderItem[] }>('GET', '/providers');
    const found = items.find((item) => item.is_default);
    if (!found) throw new DemoError('The server has no default provider: DEFAULT_PROVIDER names one without a key.');
    return found;
  }

  async saveFlow(flow: object): Promise<string> {
    return (await this.post<{ id: string }>('/flows', flow)).id;
  }

  /** @returns the id of the run */
  async runFlow(flowId: string, inputs: object): Promise<string> {
    return (await this.post<{ run_id: string }>(`/flows/${flowId}/run`, { inputs })).run_id;
  }

  private post<T>(path: string, body: object): Promise<T> {
    return this.call('POST', path, body);
  }

  private async call<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await this.fetch(path, { method, ...(body && { body: JSON.stringify(body) }) });
    if (!answer.ok)
      throw new DemoError(`${method} ${path} was refused: ${describe(answer.status, await answer.text())}`);
    // What the OpenAPI document promises of the route.
    return (await answer.json()) as T;
  }

  private fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = {
      ...(init.body !== undefined && { 'content-type': 'application/json' }),
      ...(this.token !== undefined && { authorization: `Bearer ${this.token}` }),
    };
    return fetch(`${this.url}/api/v1${path}`, { ...init, headers });
  }
}

function describe(status: number, body: string): string {
  try {
    const { code, detail } = JSON.parse(body) as { code?: string; detail?: string };
    return `${status} ${code ?? ''} ${detail ?? ''}`.trim();
  } catch {
    return `it answers with ${status}.`;
  }
}
