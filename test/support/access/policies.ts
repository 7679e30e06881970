import type { Cast, Thing } from './fixtures.js';

/**
 * - `anybody`: also who is not signed in
 * - `refresher`: whoever brings a refresh token
 * - `user`: whoever is signed in
 * - `reader`, `editor`, `owner`: of the project to which the thing belongs that the address names. Other members are
 *   told that they may not; to all others it is not there
 * - `self`: whose it is; to all others it is not there
 */
export type Access = 'anybody' | 'refresher' | 'user' | 'reader' | 'editor' | 'owner' | 'self';

export interface RoutePolicy {
  readonly access: Access;
  /** What `{id}` stands for. */
  readonly thing?: Thing;
  /** Further parts of the address. */
  readonly parts?: (cast: Cast) => Readonly<Record<string, string>>;
  /** With which the request succeeds for whoever is allowed. */
  readonly body?: object | ((callerId: string) => object);
  readonly query?: (id: string) => string;
}

const GRAPH = { nodes: [{ id: 'a', type: 'initialPrompt', data: { text: 'a cat' } }], edges: [] };
const TRANSFER = { format: 'troupe.flow', format_version: 1, name: 'A flow', ...GRAPH };

const owner = (cast: Cast) => ({ user_id: cast.owner.user.id });
const viewer = (cast: Cast) => ({ user_id: cast.viewer.user.id });

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
  'GET /users/{id}': { access: 'self', thing: 'user' },
  'DELETE /users/{id}': { access: 'self', thing: 'user' },

  'GET /components': { access: 'user' },
  'GET /components/{type}': { access: 'user', parts: () => ({ type: 'translator' }) },
  'GET /providers': { access: 'user' },
  'GET /providers/{id}/models': { access: 'user', parts: () => ({ id: 'offline' }) },

  'POST /characters': { access: 'user', body: { name: 'Ada' } },
  'GET /characters': { access: 'user' },
  'GET /characters/{id}': { access: 'self', thing: 'character' },
  'PATCH /characters/{id}': { access: 'self', thing: 'character', body: { name: 'Lovelace' } },
  'DELETE /characters/{id}': { access: 'self', thing: 'character' },
  'GET /artifacts/{id}': { access: 'self', thing: 'artifact' },

  'POST /projects': { access: 'user', body: { name: 'A project' } },
  'GET /projects': { access: 'user' },
  'POST /projects/select': { access: 'user', body: (callerId: string) => ({ user_id: callerId }) },
  'GET /projects/{id}': { access: 'reader', thing: 'project' },
  'PATCH /projects/{id}': { access: 'editor', thing: 'project', body: { name: 'Another' } },
  'DELETE /projects/{id}': { access: 'owner', thing: 'project' },
  'GET /projects/{id}/members': { access: 'reader', thing: 'project' },
  // Members may look at themselves.
  'GET /projects/{id}/members/{user_id}': { access: 'owner', thing: 'project', parts: owner },
  'PUT /projects/{id}/members/{user_id}': {
    access: 'owner',
    thing: 'project',
    parts: viewer,
    body: { role: 'viewer' },
  },
  'DELETE /projects/{id}/members/{user_id}': { access: 'owner', thing: 'project', parts: viewer },

  'POST /flows': { access: 'user', body: { name: 'A flow', ...GRAPH } },
  'GET /flows': { access: 'user' },
  'POST /flows/validate': { access: 'user', body: GRAPH },
  'POST /flows/import': { access: 'user', body: TRANSFER },
  'GET /flows/{id}': { access: 'reader', thing: 'flow' },
  'GET /flows/{id}/export': { access: 'reader', thing: 'flow' },
  'GET /flows/{id}/versions': { access: 'reader', thing: 'flow' },
  'GET /flows/{id}/versions/{version}': { access: 'reader', thing: 'flow', parts: () => ({ version: '1' }) },
  'POST /flows/{id}/versions/{version}/restore': { access: 'editor', thing: 'flow', parts: () => ({ version: '1' }) },
  'PUT /flows/{id}': { access: 'editor', thing: 'flow', body: { name: 'Another', ...GRAPH } },
  'PATCH /flows/{id}': { access: 'editor', thing: 'flow', body: { name: 'Another' } },
  'DELETE /flows/{id}': { access: 'owner', thing: 'flow' },
  'POST /flows/{id}/run': { access: 'editor', thing: 'flow', body: {} },
  'POST /execution/run': { access: 'user', body: GRAPH },

  'GET /runs': { access: 'user' },
  'GET /runs/{id}': { access: 'reader', thing: 'run' },
  'GET /runs/{id}/events': { access: 'reader', thing: 'run' },
  'GET /events': { access: 'reader', thing: 'run', query: (id) => `stream=run:${id}` },
  'POST /runs/{id}/cancel': { access: 'editor', thing: 'run', body: {} },
  'POST /runs/{id}/pause': { access: 'editor', thing: 'run' },
  'POST /runs/{id}/resume': { access: 'editor', thing: 'run' },
  'POST /runs/{id}/retry': { access: 'editor', thing: 'run', body: {} },
  'POST /runs/{id}/signals/{key}': {
    access: 'editor',
    thing: 'run',
    parts: () => ({ key: 'answer' }),
    body: { decision: 'approve' },
  },
};

export interface MessagePolicy {
  readonly access: 'user' | 'reader' | 'editor';
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
  join_project: { access: 'reader', thing: 'project', data: (id) => ({ project_id: id }) },
  'execution.cancel': { access: 'editor', thing: 'run', data: (id) => ({ run_id: id }) },
};

/** What an address needs, filled in. */
export function pathFor(path: string, { parts, query, thing }: RoutePolicy, id: string, cast: Cast): string {
  const values = { ...(thing && { id }), ...parts?.(cast) };
  const filled = Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), path);
  return query ? `${filled}?${query(id)}` : filled;
}

export function bodyFor({ body }: RoutePolicy, callerId: string): object | undefined {
  return typeof body === 'function' ? (body as (callerId: string) => object)(callerId) : body;
}
