import { ArtifactsService } from '../../../src/modules/artifacts/artifacts.service.js';
import { ExecutionService } from '../../../src/modules/execution/execution.service.js';
import { type Account, ApiClient, type Tokens } from '../api-client.js';
import { signUpOperator } from '../operator.js';
import type { TestApp } from '../test-app.js';

/** What an address can name. */
export type Thing =
  | 'user'
  | 'project'
  | 'workspace'
  | 'flow'
  | 'run'
  | 'character'
  | 'artifact'
  | 'budget'
  | 'session'
  | 'key'
  | 'credential'
  | 'agent'
  | 'conversation'
  | 'group'
  | 'document'
  | 'mcp-server'
  | 'memory'
  | 'solution'
  /** A promoted tool, by its project. */
  | 'tool'
  | 'task'
  | 'somebody';

/** Everybody there is towards a thing. */
export interface Cast {
  readonly owner: Tokens & { readonly account: Account };
  readonly editor: Tokens;
  readonly viewer: Tokens;
  readonly stranger: Tokens;
  /** Of the back office. */
  readonly operator: Tokens;
  /** Signed out again. */
  readonly revoked: Tokens;
  /** Whose things are the owner's, shared with the editor and the viewer. */
  readonly projectId: string;
}

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const MCP_SERVER = { transport: 'http', url: 'http://127.0.0.1:1/mcp' };
const TOOL = { kind: 'tool', name: 'base64', arguments: { text: 'a', action: 'encode' } };
const ARTIFACT = { name: 'one.js', language: 'javascript', content: '1' };
const SOLUTION = { problem: 'One?', approach: 'One.', artifacts: [ARTIFACT] };
/** A tool that answers 1. */
export const PROMOTED = {
  domain: 'made',
  name: 'one',
  description: 'One.',
  input_schema: { type: 'object' },
  examples: [{ input: {}, expected_output: 1 }],
};
const FLOW = { name: 'A flow', nodes: [{ id: 'a', type: 'initialPrompt', data: { text: 'a cat' } }], edges: [] };

/** Makes things, each new, so that a test may use it up. */
export class Fixtures {
  private constructor(
    private readonly app: TestApp,
    private readonly api: ApiClient,
    readonly cast: Cast,
  ) {}

  static async open(app: TestApp): Promise<Fixtures> {
    const api = new ApiClient(app.url);
    const [owner, editor, viewer, stranger, revoked] = await Promise.all([
      api.signUp(),
      api.signUp(),
      api.signUp(),
      api.signUp(),
      api.signUp(),
    ]);
    await api.post('/auth/logout', { refresh_token: revoked.refresh_token }, { token: revoked.access_token });
    const people = { owner, editor, viewer, stranger, revoked, operator: await signUpOperator(app) };
    const projectId = await sharedProject(api, people);
    return new Fixtures(app, api, { ...people, projectId });
  }

  /** Something of the owner's: in a shared project, where things can be. */
  async make(thing: Thing): Promise<string> {
    const { owner, projectId } = this.cast;
    const makers: Readonly<Record<Thing, () => Promise<string>>> = {
      user: async () => owner.user.id,
      project: () => sharedProject(this.api, this.cast),
      workspace: () => this.workspace(),
      flow: () => create(this.api, '/flows', { ...FLOW, project_id: projectId }, owner),
      agent: () => create(this.api, '/agents', { name: 'An agent', project_id: projectId }, owner),
      group: () => create(this.api, '/groups', { name: 'A group', project_id: projectId }, owner),
      conversation: () => this.conversation(),
      document: () => this.document(),
      character: () => create(this.api, '/characters', { name: 'Ada' }, owner),
      memory: () =>
        create(this.api, '/memory/save', { content: 'x', namespace: { scope: 'project', id: projectId } }, owner),
      solution: () => this.solution(),
      tool: () => this.tool(),
      artifact: () => this.artifact(),
      budget: () => create(this.api, '/budgets', { scope: 'project', project_id: projectId, hard_tokens: 1e9 }, owner),
      run: () => this.run(),
      session: () => this.session(),
      key: () => create(this.api, '/api-keys', { name: 'A key', scopes: ['read'] }, owner),
      credential: () => this.credential(),
      'mcp-server': () => this.mcpServer(),
      task: () => create(this.api, '/tasks', { cron: '0 0 1 1 *', target: TOOL, project_id: projectId }, owner),
      somebody: async () => (await this.api.signUp()).user.id,
    };
    return makers[thing]();
  }

  /** A project has so many at most: each is of a project of its own. */
  private async mcpServer(): Promise<string> {
    const projectId = await sharedProject(this.api, this.cast);
    return create(
      this.api,
      '/mcp-servers',
      { ...MCP_SERVER, name: 'a-server', project_id: projectId },
      this.cast.owner,
    );
  }

  /** A project with a file. */
  private async workspace(): Promise<string> {
    const id = await sharedProject(this.api, this.cast);
    const options = { body: 'Read me', token: this.cast.owner.access_token };
    await this.api.request('PUT', `/projects/${id}/files/docs/README.md`, options);
    return id;
  }

  /** One that has been indexed. */
  private async document(): Promise<string> {
    const { owner, projectId } = this.cast;
    const { access_token: token } = owner;
    const id = await create(this.api, '/knowledge/documents', { content: 'A lamp', project_id: projectId }, owner);
    const status = async () => (await this.api.get(`/knowledge/documents/${id}`, { token })).body;
    while (!['ready', 'failed'].includes(String(((await status()) as Record<string, unknown>)['status']))) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return id;
  }

  /** For images, of which the provider is not asked. */
  private async credential(): Promise<string> {
    const { owner } = this.cast;
    const projectId = await sharedProject(this.api, this.cast);
    const key = { provider_id: 'fireworks', api_key: 'key-of-the-project', project_id: projectId };
    return create(this.api, '/provider-credentials', key, owner);
  }

  private async conversation(): Promise<string> {
    const { owner, projectId } = this.cast;
    const body = { instruction: 'Say hello', project_id: projectId, wait_seconds: 20 };
    const answer = await this.api.post('/agents/execute', body, { token: owner.access_token });
    return String(answer.body['session_id']);
  }

  private async tool(): Promise<string> {
    const { owner, projectId } = this.cast;
    const path = `/tools/made%2Fone?project_id=${projectId}`;
    const { status } = await this.api.get(path, { token: owner.access_token });
    if (status === 404) await create(this.api, `/memory/solutions/${await this.solution()}/promote`, PROMOTED, owner);
    return projectId;
  }

  private solution(): Promise<string> {
    const { owner, projectId } = this.cast;
    const namespace = { scope: 'project', id: projectId };
    return create(this.api, '/memory/save', { solution: SOLUTION, namespace }, owner);
  }

  private async artifact(): Promise<string> {
    const service = this.app.app.get(ArtifactsService);
    const { owner, projectId } = this.cast;
    return (await service.storeImage({ ownerId: owner.user.id, projectId }, Buffer.from(PIXEL, 'base64'))).id;
  }

  /** The secret of a key of the owner's. */
  async keyWith(scopes: readonly string[]): Promise<string> {
    const { access_token: token } = this.cast.owner;
    return String((await this.api.post('/api-keys', { name: 'A key', scopes }, { token })).body['secret']);
  }

  /** Another one of the owner's, which nothing else uses. */
  private async session(): Promise<string> {
    const { account } = this.cast.owner;
    const { access_token: token } = (await this.api.login(account.username, account.password)).body;
    const { items } = (await this.api.get<{ items: { id: string }[] }>('/auth/sessions', { token })).body;
    return items[0]!.id;
  }

  /** One that waits, so that it can still be steered. */
  private async run(): Promise<string> {
    const { owner, projectId } = this.cast;
    const start = { kind: 'test.ask', input: { question: 'Well?' }, ownerId: owner.user.id, projectId };
    const { runId } = await this.app.app.get(ExecutionService).start(start);
    return runId;
  }
}

async function create(api: ApiClient, path: string, body: object, { access_token: token }: Tokens): Promise<string> {
  return String((await api.post(path, body, { token })).body['id']);
}

async function sharedProject(
  api: ApiClient,
  { owner, editor, viewer }: Pick<Cast, 'owner' | 'editor' | 'viewer'>,
): Promise<string> {
  const id = await create(api, '/projects', { name: 'A project' }, owner);
  const roles = { editor, viewer };
  for (const [role, { user }] of Object.entries(roles)) {
    const options = { body: { role }, token: owner.access_token };
    await api.request('PUT', `/projects/${id}/members/${user.id}`, options);
  }
  return id;
}
