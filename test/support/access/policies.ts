import type { Thing } from './fixtures.js';

/**
 * - `anybody`: also who is not signed in
 * - `refresher`: whoever brings a refresh token
 * - `user`: whoever is signed in
 * - `reader`, `owner`: of the thing that the address names; to all others it is not there
 */
export type Access = 'anybody' | 'refresher' | 'user' | 'reader' | 'owner';

export interface RoutePolicy {
  readonly access: Access;
  /** What `{id}` stands for. */
  readonly thing?: Thing;
  /** Further parts of the address. */
  readonly parts?: Readonly<Record<string, string>>;
  /** With which the request succeeds for whoever is allowed. */
  readonly body?: object;
  readonly query?: (id: string) => string;
}

const GRAPH = { nodes: [{ id: 'a', type: 'initialPrompt', data: { text: 'a cat' } }], edges: [] };
const TRANSFER = { format: 'troupe.flow', format_version: 1, name: 'A flow', ...GRAPH };

/** Who may call what, of every route of the OpenAPI document. A route that is not here fails the walk. */
export const ROUTE_POLICIES: Readonly<Record<string, RoutePolicy>> = {
  'GET /health': { access: 'anybody' },
  'GET /health/ready': { access: 'anybody' },
  'GET /metrics': { access: 'anybody' },

  'POST /auth/register': { access: 'anybody' },
  'POST /auth/login': { access: 'anybody' },
  'POST /auth/token': { access: 'anybody' },
  'POST /auth/refresh': { access: 'refresher' },
  'POST /auth/logout': { access: 'refresher' },
  'POST /users': { access: 'anybody' },
  'GET /auth/me': { access: 'user' },
  'GET /users/{id}': { access: 'owner', thing: 'user' },
  'DELETE /users/{id}': { access: 'owner', thing: 'user' },

  'GET /components': { access: 'user' },
  'GET /components/{type}': { access: 'user', parts: { type: 'translator' } },
  'GET /providers': { access: 'user' },
  'GET /providers/{id}/models': { access: 'user', parts: { id: 'offline' } },

  'POST /characters': { access: 'user', body: { name: 'Ada' } },
  'GET /characters': { access: 'user' },
  'GET /characters/{id}': { access: 'reader', thing: 'character' },
  'PATCH /characters/{id}': { access: 'owner', thing: 'character', body: { name: 'Lovelace' } },
  'DELETE /characters/{id}': { access: 'owner', thing: 'character' },
  'GET /artifacts/{id}': { access: 'reader', thing: 'artifact' },

  'POST /flows': { access: 'user', body: { name: 'A flow', ...GRAPH } },
  'GET /flows': { access: 'user' },
  'POST /flows/validate': { access: 'user', body: GRAPH },
  'POST /flows/import': { access: 'user', body: TRANSFER },
  'GET /flows/{id}': { access: 'reader', thing: 'flow' },
  'GET /flows/{id}/export': { access: 'reader', thing: 'flow' },
  'GET /flows/{id}/versions': { access: 'reader', thing: 'flow' },
  'GET /flows/{id}/versions/{version}': { access: 'reader', thing: 'flow', parts: { version: '1' } },
  'POST /flows/{id}/versions/{version}/restore': { access: 'owner', thing: 'flow', parts: { version: '1' } },
  'PUT /flows/{id}': { access: 'owner', thing: 'flow', body: { name: 'Another', ...GRAPH } },
  'PATCH /flows/{id}': { access: 'owner', thing: 'flow', body: { name: 'Another' } },
  'DELETE /flows/{id}': { access: 'owner', thing: 'flow' },
  'POST /flows/{id}/run': { access: 'owner', thing: 'flow', body: {} },
  'POST /execution/run': { access: 'user', body: GRAPH },

  'GET /runs': { access: 'user' },
  'GET /runs/{id}': { access: 'reader', thing: 'run' },
  'GET /runs/{id}/events': { access: 'reader', thing: 'run' },
  'GET /events': { access: 'reader', thing: 'run', query: (id) => `stream=run:${id}` },
  'POST /runs/{id}/cancel': { access: 'owner', thing: 'run', body: {} },
  'POST /runs/{id}/pause': { access: 'owner', thing: 'run' },
  'POST /runs/{id}/resume': { access: 'owner', thing: 'run' },
  'POST /runs/{id}/retry': { access: 'owner', thing: 'run', body: {} },
  'POST /runs/{id}/signals/{key}': {
    access: 'owner',
    thing: 'run',
    parts: { key: 'answer' },
    body: { decision: 'approve' },
  },
};

export interface MessagePolicy {
  readonly access: 'user' | 'reader' | 'owner';
  readonly thing?: Thing;
  /** With which the message succeeds for whoever is allowed. */
  readonly data: (id: string) => object;
}

/** Who may say what over a socket. */
export const MESSAGE_POLICIES: Readonly<Record<string, MessagePolicy>> = {
  ping: { access: 'user', data: () => ({}) },
  subscribe: { access: 'reader', thing: 'run', data: (id) => ({ stream: `run:${id}`, after: 0 }) },
  unsubscribe: { access: 'user', data: () => ({ stream: 'run:none' }) },
  'execution.start': { access: 'user', data: () => GRAPH },
  'execution.cancel': { access: 'owner', thing: 'run', data: (id) => ({ run_id: id }) },
};

/** What an address needs, filled in. */
export function pathFor(path: string, { parts = {}, query, thing }: RoutePolicy, id: string): string {
  const values = { ...(thing && { id }), ...parts };
  const filled = Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), path);
  return query ? `${filled}?${query(id)}` : filled;
}
