import { PROVIDER_NAMES } from '../../src/config/provider-names.js';
import { AgentTestTools } from './agent-tools.js';
import type { Answer } from './api-client.js';
import type { StoredEvent } from './flow-client.js';
import { FlowClient } from './flow-client.js';
import { ModelServer } from './model-server/model-server.js';
import { SignedInClient } from './signed-in-client.js';
import { createTestApp, type TestApp, type TestOverrides } from './test-app.js';

type Body = Readonly<Record<string, unknown>>;

/** An application with a scripted model of each family, tools for tests, and one user. */
export class AgentSite {
  private constructor(
    readonly models: ModelServer,
    readonly app: TestApp,
    readonly user: SignedInClient,
    readonly runs: FlowClient,
  ) {}

  static async open(overrides: TestOverrides = {}): Promise<AgentSite> {
    const models = await ModelServer.start();
    const none = Object.fromEntries(
      PROVIDER_NAMES.map((name) => [name, {}]),
    ) as TestApp['config']['providers']['credentials'];
    const direct = { baseUrl: models.url, apiKey: 'any' };
    const credentials = { ...none, openai: { baseUrl: models.baseUrl }, anthropic: direct, gemini: direct };
    const app = await createTestApp({ ...overrides, providers: { credentials, ...overrides.providers } }, [
      AgentTestTools,
    ]);
    const user = await SignedInClient.signUp(app.url);
    return new AgentSite(models, app, user, new FlowClient(user));
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.models.close();
  }

  execute(body: object): Promise<Answer<Body>> {
    return this.user.post('/agents/execute', { wait_seconds: 20, ...body });
  }

  /** The data of a run's events of a type. */
  async eventsOf(runId: unknown, type: string): Promise<Array<StoredEvent['data']>> {
    return (await this.runs.events(runId)).filter((event) => event.type === type).map(({ data }) => data);
  }

  /** What the model was shown in its nth call, as the server of the model got it. */
  messages(nth: number): Array<Readonly<Record<string, unknown>>> {
    return (this.models.log.list()[nth - 1]?.body['messages'] ?? []) as Array<Body>;
  }
}
