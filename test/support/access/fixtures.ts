import { newId } from '../../../src/common/ids/id.js';
import { ArtifactsService } from '../../../src/modules/artifacts/artifacts.service.js';
import { ExecutionService } from '../../../src/modules/execution/execution.service.js';
import { ApiClient, type Tokens } from '../api-client.js';
import type { TestApp } from '../test-app.js';

/** What an address can name. */
export type Thing = 'user' | 'flow' | 'run' | 'character' | 'artifact';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const FLOW = { name: 'A flow', nodes: [{ id: 'a', type: 'initialPrompt', data: { text: 'a cat' } }], edges: [] };

/** Makes things for their owner, each new, so that a test may use it up. */
export class Fixtures {
  private readonly api: ApiClient;

  constructor(private readonly app: TestApp) {
    this.api = new ApiClient(app.url);
  }

  /** Something of the owner's, and who is asked for as its owner. */
  async make(thing: Thing, owner: Tokens): Promise<string> {
    const makers: Readonly<Record<Thing, () => Promise<string>>> = {
      user: async () => owner.user.id,
      flow: () => this.post('/flows', FLOW, owner),
      character: () => this.post('/characters', { name: 'Ada' }, owner),
      artifact: () => this.artifact(owner),
      run: () => this.run(owner),
    };
    return makers[thing]();
  }

  private async post(path: string, body: object, { access_token: token }: Tokens): Promise<string> {
    return String((await this.api.post(path, body, { token })).body['id']);
  }

  private async artifact({ user }: Tokens): Promise<string> {
    return (await this.app.app.get(ArtifactsService).storeImage(user.id, Buffer.from(PIXEL, 'base64'))).id;
  }

  /** One that waits, so that it can still be steered. */
  private async run({ user }: Tokens): Promise<string> {
    const start = { id: newId(), kind: 'test.ask', input: { question: 'Well?' }, ownerId: user.id };
    const { runId } = await this.app.app.get(ExecutionService).start(start);
    return runId;
  }
}
