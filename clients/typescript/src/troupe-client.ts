import { toError } from './errors.js';
import { TroupeEvents } from './events/troupe-events.js';
import { createClient } from './generated/client/index.js';
import { TroupeApi } from './generated/sdk.gen.js';
import type { TokenResponseDto } from './generated/types.gen.js';

/** An access token or API key, or who gives the current one: asked for each request and each connection. */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>);

export interface TroupeClientOptions {
  /** Where the server is, without a path: `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Without one, only what is public can be called, and what the browser's cookies allow. */
  readonly token?: TokenSource;
}

/** Troupe as one object: `api` has a method for each route, `events` what happens. */
export class TroupeClient {
  readonly api: TroupeApi;
  readonly events: TroupeEvents;
  private token: TokenSource | undefined;

  constructor({ url, token }: TroupeClientOptions) {
    this.token = token;
    const client = createClient({
      baseUrl: url,
      throwOnError: true,
      credentials: 'include',
      auth: ({ key }) => (key === 'bearer' ? this.currentToken() : undefined),
    });
    client.interceptors.error.use((error, response) => toError(error, response));
    this.api = new TroupeApi({ client });
    this.events = new TroupeEvents({ url, token: () => this.currentToken() });
  }

  /** Signs in, and speaks as this user from now on. For how long is the caller's to watch: `expires_in`. */
  async login(identifier: string, password: string): Promise<TokenResponseDto> {
    const tokens = await this.api.authLogin({ body: { identifier, password } });
    this.useToken(tokens.access_token);
    return tokens;
  }

  useToken(token: TokenSource | undefined): void {
    this.token = token;
  }

  private async currentToken(): Promise<string | undefined> {
    return typeof this.token === 'function' ? this.token() : this.token;
  }
}
