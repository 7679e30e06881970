import { TroupeClient, TroupeError, type SaveFlowDto } from '../../clients/typescript/src/index.js';
import { DemoError } from './demo.errors.js';

export interface DemoAccount {
  readonly username: string;
  readonly email: string;
  readonly password: string;
}

/** What the demo asks of the server, and what it says when that fails. */
export class DemoClient {
  readonly troupe: TroupeClient;

  constructor(readonly url: string) {
    this.troupe = new TroupeClient({ url });
  }

  /** @throws {DemoError} saying what to do when nobody answers, or not as Troupe does */
  async assertReady(): Promise<void> {
    try {
      await this.troupe.api.healthReady();
    } catch (error) {
      if (!(error instanceof TroupeError)) throw error;
      if (error.code !== 'UNREACHABLE')
        throw new DemoError(`What answers at ${this.url} is not ready: ${error.message}`, { cause: error });
      throw new DemoError(
        `No server answers at ${this.url}.\n\nStart it in another terminal, then run the demo again:\n\n    npm start\n\n` +
          'A server on another address is found by the same PORT and HOST, from the environment or from .env.',
        { cause: error },
      );
    }
  }

  signUp(account: DemoAccount): Promise<void> {
    return this.ask('The account', async ({ api }) => {
      await api.authRegister({ body: account });
      await this.troupe.login(account.username, account.password);
    });
  }

  /** The provider that is asked when nobody names one. */
  async defaultProvider(): Promise<{ readonly id: string; readonly name: string }> {
    const { items } = await this.ask('The list of providers', ({ api }) => api.providersList());
    const found = items.find((item) => item.is_default);
    if (!found) throw new DemoError('The server has no default provider: DEFAULT_PROVIDER names one without a key.');
    return found;
  }

  async saveFlow(flow: SaveFlowDto): Promise<string> {
    return (await this.ask('The flow', ({ api }) => api.flowsCreate({ body: flow }))).id;
  }

  /** @returns the id of the run */
  async runFlow(flowId: string, inputs: Record<string, Record<string, unknown>>): Promise<string> {
    const start = { path: { id: flowId }, body: { inputs } };
    return (await this.ask('The run', ({ api }) => api.flowRunsRun(start))).run_id;
  }

  private async ask<T>(what: string, work: (troupe: TroupeClient) => Promise<T>): Promise<T> {
    try {
      return await work(this.troupe);
    } catch (error) {
      if (!(error instanceof TroupeError)) throw error;
      throw new DemoError(`${what} was refused: ${error.code} ${error.message}`, { cause: error });
    }
  }
}
