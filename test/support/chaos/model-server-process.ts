import { ServerProcess } from '../server-process.js';
import type { CallCounts, RecordedCall } from '../model-server/call-log.js';
import type { ScriptRule } from '../model-server/script.js';

/** The model server as a process of its own, which no kill of ours reaches. */
export class ModelServerProcess {
  private constructor(
    private readonly process: ServerProcess,
    private readonly url: string,
    /** What `OPENAI_BASE_URL` wants. */
    readonly baseUrl: string,
  ) {}

  static async start(): Promise<ModelServerProcess> {
    const process = new ServerProcess('dist/test/support/model-server/main.js', {});
    const [line] = await process.sees(/^\{.*\}$/m);
    const { url, base_url: baseUrl } = JSON.parse(line) as { url: string; base_url: string };
    return new ModelServerProcess(process, url, baseUrl);
  }

  calls(): Promise<readonly RecordedCall[]> {
    return this.get('/calls');
  }

  counts(): Promise<CallCounts> {
    return this.get('/counts');
  }

  async clear(): Promise<void> {
    await fetch(`${this.url}/_control/calls`, { method: 'DELETE' });
  }

  async setScript(rules: readonly ScriptRule[]): Promise<void> {
    const { status } = await fetch(`${this.url}/_control/script`, { method: 'PUT', body: JSON.stringify(rules) });
    if (status !== 204) throw new Error(`The model server refused its script: ${status}`);
  }

  async stop(): Promise<void> {
    this.process.signal('SIGKILL');
    await this.process.exited;
  }

  private async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/_control${path}`);
    return (await response.json()) as T;
  }
}
