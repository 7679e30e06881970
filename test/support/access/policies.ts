import { type Cast, PROMOTED, type Thing } from './fixtures.js';

/**
 * - `anybody`: also who is not signed in
 * - `refresher`: whoever brings a refresh token
 * - `user`: whoever is signed in
 * - `reader`, `editor`, `owner`: of the project to which the thing belongs that the address names. Other members are
 *   told that they may not; to all others it is not there
 * - `self`: whose it is; to all others it is not there
 * - `operator`: who is signed in to the back office
 */
export type Access = 'anybody' | 'refresher' | 'user' | 'reader' | 'editor' | 'owner' | 'self' | 'operator';

/** What an API key needs; `session`: none will do. */
export type Scope = 'read' | 'run' | 'write' | 'session';

export interface RoutePolicy {
  readonly access: Access;
  /** Of all that is not for anybody. */
  readonly scope?: Scope;
  /** A second scope that an API key needs. */
  readonly alsoScope?: Scope;
  /** Whether operators are let in too. */
  readonly alsoOperators?: boolean;
  /** The refusal of those who are let in, where a test cannot make the request succeed. */
  readonly otherwise?: string;
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

/** Nobody listens there, and nobody may call it. */
const MCP_SERVER = { name: 'a-server', transport: 'http', url: 'http://127.0.0.1:1/mcp' };

/** A task that is not due while a test lasts. */
const YEARLY = {
  cron: '0 0 1 1 *',
  target: { kind: 'tool', name: 'base64', arguments: { text: 'a', action: 'encode' } },
};
const LAST_YEAR = { from: '2025-01-01T00:00:00Z', to: '2025-12-31T00:00:00Z' };

const NOTIFICATION = { title: 'Maintenance', message: 'At noon.' };
const ownMemory = (callerId: string) => ({ namespace: { scope: 'user', id: callerId } });
const owner = (cast: Cast) => ({ user_id: cast.owner.user.id });
/** Of a workspace of the fixtures. */
const readme = () => ({ path: 'docs%2FREADME.md' });
/** No member of any group. */
const nobody = () => ({ member_id: '01980000-0000-7000-8000-000000000000' });
const first = () => ({ version: '1' });
/** The promoted tool of the fixtures. */
const made = () => ({ name: 'made%2Fone' });
const inProject = (id: string) => `project_id=${id}`;
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
  'GET /auth/me': { access: 'user', scope: 'read' },
  'GET /users/{id}': { access: 'self', alsoOperators: true, scope: 'read', thing: 'user' },
  'DELETE /users/{id}': { access: 'self', alsoOperators: true, scope: 'session', thing: 'user' },

  'POST /users/{id}/export': { access: 'self', alsoOperators: true, scope: 'session', thing: 'user' },
  'POST /users/{id}/erase': {
    access: 'self',
    alsoOperators: true,
    scope: 'session',
    thing: 'user',
    body: { keep_account: true },
  },

  'GET /components': { access: 'user', scope: 'read' },
  'GET /components/{type}': { access: 'user', scope: 'read', parts: () => ({ type: 'translator' }) },
  'GET /providers': { access: 'user', scope: 'read' },
  'GET /providers/{id}/models': { access: 'user', scope: 'read', parts: () => ({ id: 'offline' }) },

  // The body names an unknown provider, so that none is asked.
  'POST /provider-credentials': {
    access: 'user',
    scope: 'write',
    body: { provider_id: 'nonsense', api_key: 'key-for-nobody' },
    otherwise: 'INVALID_INPUT',
  },
  'GET /provider-credentials': { access: 'user', scope: 'read' },
  'GET /provider-credentials/{id}': { access: 'reader', scope: 'read', thing: 'credential' },
  'PATCH /provider-credentials/{id}': { access: 'owner', scope: 'write', thing: 'credential', body: { name: 'Lab' } },
  'DELETE /provider-credentials/{id}': { access: 'owner', scope: 'write', thing: 'credential' },

  'GET /auth/sessions': { access: 'user', scope: 'session' },
  'DELETE /auth/sessions/{id}': { access: 'self', scope: 'session', thing: 'session' },
  'POST /auth/password': {
    access: 'user',
    scope: 'session',
    body: { current_password: 'not the password', new_password: 'another password' },
    otherwise: 'INVALID_CREDENTIALS',
  },
  'POST /auth/backoffice/create': { access: 'anybody' },
  'POST /auth/backoffice/login': { access: 'anybody' },
  'POST /api-keys': { access: 'user', scope: 'session', body: { name: 'A key', scopes: ['read'] } },
  'GET /api-keys': { access: 'user', scope: 'session' },
  'DELETE /api-keys/{id}': { access: 'self', scope: 'session', thing: 'key' },

  'GET /backoffice/users': { access: 'operator' },
  'POST /backoffice/users/{id}/deactivate': { access: 'operator', thing: 'somebody' },
  'POST /backoffice/users/{id}/reactivate': { access: 'operator', thing: 'somebody' },
  'GET /backoffice/runs': { access: 'operator' },
  'GET /backoffice/runs/{id}': { access: 'operator', thing: 'run' },
  'GET /backoffice/audit': { access: 'operator' },
  'GET /backoffice/system': { access: 'operator' },
  'POST /backoffice/notifications': { access: 'operator', body: NOTIFICATION },

  'POST /characters': { access: 'user', scope: 'write', body: { name: 'Ada' } },
  'GET /characters': { access: 'user', scope: 'read' },
  'GET /characters/{id}': { access: 'self', scope: 'read', thing: 'character' },
  'PATCH /characters/{id}': { access: 'self', scope: 'write', thing: 'character', body: { name: 'Lovelace' } },
  'DELETE /characters/{id}': { access: 'self', scope: 'write', thing: 'character' },
  'GET /artifacts/{id}': { access: 'reader', scope: 'read', thing: 'artifact' },

  'POST /memory/save': { access: 'user', scope: 'write', body: { content: 'Ada likes tea.' } },
  'POST /memory/summarize': { access: 'user', scope: 'write', body: ownMemory },
  'POST /memory/compress': { access: 'user', scope: 'write', body: ownMemory },
  'GET /memory/query': { access: 'user', scope: 'read', query: () => 'q=tea' },
  'GET /memory/items/{id}': { access: 'reader', scope: 'read', thing: 'memory' },
  'PATCH /memory/items/{id}': { access: 'editor', scope: 'write', thing: 'memory', body: { importance: 1 } },
  'POST /memory/solutions/{id}/promote': { access: 'editor', scope: 'write', thing: 'solution', body: PROMOTED },
  'DELETE /memory/items/{id}': { access: 'owner', scope: 'write', thing: 'memory' },
  'POST /knowledge/documents': { access: 'user', scope: 'write', body: { content: 'A lamp' } },
  'GET /knowledge/documents': { access: 'user', scope: 'read' },
  'GET /knowledge/documents/{id}': { access: 'reader', scope: 'read', thing: 'document' },
  'GET /knowledge/documents/{id}/text': { access: 'reader', scope: 'read', thing: 'document' },
  'PUT /knowledge/documents/{id}': { access: 'editor', scope: 'write', thing: 'document', body: { content: 'A bulb' } },
  'PATCH /knowledge/documents/{id}': { access: 'editor', scope: 'write', thing: 'document', body: { title: 'Bulbs' } },
  'DELETE /knowledge/documents/{id}': { access: 'owner', scope: 'write', thing: 'document' },
  'GET /knowledge/search': { access: 'user', scope: 'read', query: () => 'q=lamp' },

  'POST /projects': { access: 'user', scope: 'write', body: { name: 'A project' } },
  'GET /projects': { access: 'user', scope: 'read' },
  'POST /projects/select': {
    access: 'user',
    alsoOperators: true,
    scope: 'read',
    body: (callerId: string) => ({ user_id: callerId }),
  },
  'GET /projects/{id}': { access: 'reader', scope: 'read', thing: 'project' },
  'PATCH /projects/{id}': { access: 'editor', scope: 'write', thing: 'project', body: { name: 'Another' } },
  'DELETE /projects/{id}': { access: 'owner', scope: 'write', thing: 'project' },
  'GET /projects/{id}/state': { access: 'reader', scope: 'read', thing: 'project', otherwise: 'SWARM_NOT_FOUND' },
  'GET /projects/{id}/tasks': { access: 'reader', scope: 'read', thing: 'project' },
  'GET /projects/{id}/artifacts': { access: 'reader', scope: 'read', thing: 'project' },
  'GET /projects/{id}/logs': { access: 'reader', scope: 'read', thing: 'project' },
  'POST /projects/{id}/start': { access: 'editor', scope: 'run', thing: 'project', body: { prompt: 'A page' } },
  'POST /projects/{id}/pause': { access: 'editor', scope: 'run', thing: 'project', otherwise: 'SWARM_NOT_FOUND' },
  'POST /projects/{id}/resume': { access: 'editor', scope: 'run', thing: 'project', otherwise: 'SWARM_NOT_FOUND' },
  'POST /projects/{id}/stop': { access: 'editor', scope: 'run', thing: 'project', otherwise: 'SWARM_NOT_FOUND' },
  'POST /projects/{id}/tasks/{task_id}/retry': {
    access: 'editor',
    scope: 'run',
    thing: 'project',
    parts: () => ({ task_id: 'page' }),
    otherwise: 'SWARM_NOT_FOUND',
  },
  'GET /projects/{id}/files': { access: 'reader', scope: 'read', thing: 'workspace' },
  'GET /projects/{id}/files/{path}': { access: 'reader', scope: 'read', thing: 'workspace', parts: readme },
  'PUT /projects/{id}/files/{path}': {
    access: 'editor',
    scope: 'write',
    thing: 'workspace',
    parts: readme,
    body: { any: 'bytes' },
  },
  'DELETE /projects/{id}/files/{path}': { access: 'editor', scope: 'write', thing: 'workspace', parts: readme },
  'GET /projects/{id}/file-versions': {
    access: 'reader',
    scope: 'read',
    thing: 'workspace',
    query: () => 'path=docs/README.md',
  },
  'GET /projects/{id}/file-diff': {
    access: 'reader',
    scope: 'read',
    thing: 'workspace',
    query: () => 'path=docs/README.md&from=1&to=1',
  },
  'GET /projects/{id}/archive': { access: 'reader', scope: 'read', thing: 'workspace' },
  'GET /projects/{id}/members': { access: 'reader', scope: 'read', thing: 'project' },
  // Members may look at themselves.
  'GET /projects/{id}/members/{user_id}': { access: 'owner', scope: 'read', thing: 'project', parts: owner },
  'PUT /projects/{id}/members/{user_id}': {
    access: 'owner',
    scope: 'write',
    thing: 'project',
    parts: viewer,
    body: { role: 'viewer' },
  },
  'DELETE /projects/{id}/members/{user_id}': { access: 'owner', scope: 'write', thing: 'project', parts: viewer },

  'GET /tools': { access: 'user', scope: 'read' },
  'GET /tools/{name}': { access: 'user', scope: 'read', parts: () => ({ name: 'calculator' }) },
  'POST /tools/{name}/invoke': {
    access: 'user',
    scope: 'run',
    parts: () => ({ name: 'base64' }),
    body: { arguments: { text: 'a', action: 'encode' } },
  },

  'GET /tools/{name}/versions': { access: 'reader', scope: 'read', thing: 'tool', parts: made, query: inProject },
  'GET /tools/{name}/versions/{version}': {
    access: 'reader',
    scope: 'read',
    thing: 'tool',
    parts: () => ({ ...made(), ...first() }),
    query: inProject,
  },
  'POST /tools/{name}/rollback': {
    access: 'editor',
    scope: 'write',
    thing: 'tool',
    parts: made,
    query: inProject,
    body: { version: 1 },
  },
  'DELETE /tools/{name}': { access: 'owner', scope: 'write', thing: 'tool', parts: made, query: inProject },

  'POST /flows': { access: 'user', scope: 'write', body: { name: 'A flow', ...GRAPH } },
  'GET /flows': { access: 'user', scope: 'read' },
  'POST /flows/validate': { access: 'user', scope: 'read', body: GRAPH },
  'POST /flows/import': { access: 'user', scope: 'write', body: TRANSFER },
  'GET /flows/{id}': { access: 'reader', scope: 'read', thing: 'flow' },
  'GET /flows/{id}/export': { access: 'reader', scope: 'read', thing: 'flow' },
  'GET /flows/{id}/versions': { access: 'reader', scope: 'read', thing: 'flow' },
  'GET /flows/{id}/versions/{version}': {
    access: 'reader',
    scope: 'read',
    thing: 'flow',
    parts: () => ({ version: '1' }),
  },
  'POST /flows/{id}/versions/{version}/restore': {
    access: 'editor',
    scope: 'write',
    thing: 'flow',
    parts: () => ({ version: '1' }),
  },
  'PUT /flows/{id}': { access: 'editor', scope: 'write', thing: 'flow', body: { name: 'Another', ...GRAPH } },
  'PATCH /flows/{id}': { access: 'editor', scope: 'write', thing: 'flow', body: { name: 'Another' } },
  'DELETE /flows/{id}': { access: 'owner', scope: 'write', thing: 'flow' },
  'POST /flows/{id}/run': { access: 'editor', scope: 'run', thing: 'flow', body: {} },
  'POST /execution/run': { access: 'user', scope: 'run', body: GRAPH },

  'GET /usage': { access: 'user', scope: 'read' },
  'GET /runs/{id}/usage': { access: 'reader', scope: 'read', thing: 'run' },
  'POST /budgets': { access: 'user', scope: 'write', body: { scope: 'user', hard_cost_usd: 5 } },
  'GET /budgets': { access: 'user', scope: 'read' },
  'GET /budgets/{id}': { access: 'reader', scope: 'read', thing: 'budget' },
  'PATCH /budgets/{id}': { access: 'editor', scope: 'write', thing: 'budget', body: { hard_cost_usd: 6 } },
  'DELETE /budgets/{id}': { access: 'owner', scope: 'write', thing: 'budget' },
  'POST /groups': { access: 'user', scope: 'write', body: { name: 'A group' } },
  'GET /groups': { access: 'user', scope: 'read' },
  'GET /groups/{id}': { access: 'reader', scope: 'read', thing: 'group' },
  'PATCH /groups/{id}': { access: 'owner', scope: 'write', thing: 'group', body: { name: 'Another' } },
  'DELETE /groups/{id}': { access: 'owner', scope: 'write', thing: 'group' },
  'POST /groups/{id}/members': { access: 'owner', scope: 'write', thing: 'group', body: { alias: 'Critic' } },
  'PATCH /groups/{id}/members/{member_id}': {
    access: 'owner',
    scope: 'write',
    thing: 'group',
    parts: nobody,
    body: { role_prompt: 'Be brief.' },
    otherwise: 'GROUP_MEMBER_NOT_FOUND',
  },
  'DELETE /groups/{id}/members/{member_id}': {
    access: 'owner',
    scope: 'write',
    thing: 'group',
    parts: nobody,
    otherwise: 'GROUP_MEMBER_NOT_FOUND',
  },
  'POST /groups/{id}/messages': { access: 'editor', scope: 'run', thing: 'group', body: { content: 'Hello' } },
  'GET /groups/{id}/messages': { access: 'reader', scope: 'read', thing: 'group' },
  'POST /groups/{id}/stop': { access: 'editor', scope: 'run', thing: 'group' },
  'GET /behavior': { access: 'user', scope: 'read' },
  'POST /behavior/adjust': { access: 'user', scope: 'write', body: { add: [{ text: 'Be brief.' }] } },
  // There is nothing to bring back.
  'POST /behavior/rollback': {
    access: 'user',
    scope: 'write',
    body: { version: 9 },
    otherwise: 'BEHAVIOR_VERSION_NOT_FOUND',
  },
  'GET /behavior/versions': { access: 'user', scope: 'read' },
  'GET /behavior/versions/{version}': {
    access: 'user',
    scope: 'read',
    parts: () => ({ version: '9' }),
    otherwise: 'BEHAVIOR_VERSION_NOT_FOUND',
  },
  'GET /behavior/versions/{version}/diff': {
    access: 'user',
    scope: 'read',
    parts: () => ({ version: '9' }),
    otherwise: 'BEHAVIOR_VERSION_NOT_FOUND',
  },
  'POST /backoffice/behavior/adjust': { access: 'operator', body: { add: [{ text: 'Be lawful.' }] } },
  'POST /backoffice/behavior/rollback': { access: 'operator', body: { version: 1 } },
  'GET /backoffice/behavior/versions': { access: 'operator' },
  'GET /backoffice/behavior/versions/{version}': { access: 'operator', parts: first },
  'GET /backoffice/behavior/versions/{version}/diff': { access: 'operator', parts: first },

  'POST /agents': { access: 'user', scope: 'write', body: { name: 'An agent' } },
  'GET /agents': { access: 'user', scope: 'read' },
  'POST /agents/execute': { access: 'user', scope: 'run', body: { instruction: 'Say hello', wait_seconds: 0 } },
  'GET /agent-sessions': { access: 'user', scope: 'read' },
  'GET /agent-sessions/{id}': { access: 'reader', scope: 'read', thing: 'conversation' },
  'GET /agent-sessions/{id}/messages': { access: 'reader', scope: 'read', thing: 'conversation' },
  'DELETE /agent-sessions/{id}': { access: 'owner', scope: 'write', thing: 'conversation' },
  'GET /agents/{id}': { access: 'reader', scope: 'read', thing: 'agent' },
  'PATCH /agents/{id}': { access: 'editor', scope: 'write', thing: 'agent', body: { name: 'Another' } },
  'DELETE /agents/{id}': { access: 'owner', scope: 'write', thing: 'agent' },
  'GET /agents/{id}/versions': { access: 'reader', scope: 'read', thing: 'agent' },
  'GET /agents/{id}/versions/{version}': { access: 'reader', scope: 'read', thing: 'agent', parts: first },
  'GET /agents/{id}/versions/{version}/diff': { access: 'reader', scope: 'read', thing: 'agent', parts: first },
  'POST /agents/{id}/versions/{version}/restore': { access: 'editor', scope: 'write', thing: 'agent', parts: first },
  'POST /tasks': { access: 'user', scope: 'write', alsoScope: 'run', body: { name: 'A task', ...YEARLY } },
  'GET /tasks': { access: 'user', scope: 'read' },
  'POST /tasks/preview': { access: 'user', scope: 'read', body: { cron: '@daily' } },
  'GET /tasks/{id}': { access: 'reader', scope: 'read', thing: 'task' },
  'PATCH /tasks/{id}': { access: 'editor', scope: 'write', alsoScope: 'run', thing: 'task', body: { name: 'Another' } },
  'DELETE /tasks/{id}': { access: 'owner', scope: 'write', thing: 'task' },
  'POST /tasks/{id}/pause': { access: 'editor', scope: 'write', thing: 'task' },
  'POST /tasks/{id}/resume': { access: 'editor', scope: 'write', alsoScope: 'run', thing: 'task' },
  'POST /tasks/{id}/run': { access: 'editor', scope: 'run', thing: 'task', body: {} },
  'POST /tasks/{id}/backfill': { access: 'editor', scope: 'run', thing: 'task', body: LAST_YEAR },
  'GET /tasks/{id}/fires': { access: 'reader', scope: 'read', thing: 'task' },
  'GET /tasks/{id}/preview': { access: 'reader', scope: 'read', thing: 'task' },
  'POST /mcp-servers': { access: 'user', scope: 'write', body: MCP_SERVER },
  'GET /mcp-servers': { access: 'user', scope: 'read' },
  'GET /mcp-servers/{id}': { access: 'reader', scope: 'read', thing: 'mcp-server' },
  'PATCH /mcp-servers/{id}': { access: 'owner', scope: 'write', thing: 'mcp-server', body: { enabled: false } },
  'POST /mcp-servers/{id}/refresh': { access: 'editor', scope: 'run', thing: 'mcp-server' },
  'DELETE /mcp-servers/{id}': { access: 'owner', scope: 'write', thing: 'mcp-server' },

  'GET /runs': { access: 'user', scope: 'read' },
  'GET /runs/{id}': { access: 'reader', scope: 'read', thing: 'run' },
  'GET /runs/{id}/events': { access: 'reader', scope: 'read', thing: 'run' },
  'GET /events': { access: 'reader', scope: 'read', thing: 'run', query: (id) => `stream=run:${id}` },
  'POST /runs/{id}/cancel': { access: 'editor', scope: 'run', thing: 'run', body: {} },
  'POST /runs/{id}/pause': { access: 'editor', scope: 'run', thing: 'run' },
  'POST /runs/{id}/resume': { access: 'editor', scope: 'run', thing: 'run' },
  'POST /runs/{id}/retry': { access: 'editor', scope: 'run', thing: 'run', body: {} },
  'POST /runs/{id}/signals/{key}': {
    access: 'editor',
    scope: 'run',
    thing: 'run',
    parts: () => ({ key: 'answer' }),
    body: { decision: 'approve' },
  },
};

export interface MessagePolicy {
  readonly access: 'user' | 'reader' | 'editor';
  readonly scope: Scope;
  readonly thing?: Thing;
  /** With which the message succeeds for whoever is allowed. */
  readonly data: (id: string) => object;
}

/** Who may say what over a socket. */
export const MESSAGE_POLICIES: Readonly<Record<string, MessagePolicy>> = {
  ping: { access: 'user', scope: 'read', data: () => ({}) },
  subscribe: { access: 'reader', scope: 'read', thing: 'run', data: (id) => ({ stream: `run:${id}`, after: 0 }) },
  unsubscribe: { access: 'user', scope: 'read', data: () => ({ stream: 'run:none' }) },
  'execution.start': { access: 'user', scope: 'run', data: () => GRAPH },
  'group.message': {
    access: 'editor',
    scope: 'run',
    thing: 'group',
    data: (id) => ({ group_id: id, content: 'Hello' }),
  },
  join_project: { access: 'reader', scope: 'read', thing: 'project', data: (id) => ({ project_id: id }) },
  'execution.signal': {
    access: 'editor',
    scope: 'run',
    thing: 'run',
    data: (id) => ({ run_id: id, key: 'answer', decision: 'approve' }),
  },
  'execution.cancel': { access: 'editor', scope: 'run', thing: 'run', data: (id) => ({ run_id: id }) },
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
