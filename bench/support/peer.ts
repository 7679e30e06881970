import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { processTreeCpuMs } from './process-cpu.js';

type Answer = { readonly answer: unknown } | { readonly error: string };

/** A process of ours that answers what it is asked, so that its processor time is its own. */
export class Peer<Ready> {
  private constructor(
    private readonly child: ChildProcess,
    readonly ready: Ready,
  ) {}

  /** @param script relative to the folder `bench` of the build; it calls `serveParent` */
  static async start<Ready>(script: string, argument: unknown = {}): Promise<Peer<Ready>> {
    const path = fileURLToPath(new URL(`../${script}`, import.meta.url));
    const child = fork(path, [JSON.stringify(argument)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    return new Peer(child, await nextAnswer<Ready>(child));
  }

  /** One question at a time. */
  async ask<T = void>(question: unknown = null): Promise<T> {
    this.child.send({ question });
    return nextAnswer<T>(this.child);
  }

  /** Of this one process since it started; NaN where it cannot be known. */
  get cpuMs(): number {
    return processTreeCpuMs(this.child.pid ?? 0);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const exited = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.disconnect();
    const timer = setTimeout(() => this.child.kill('SIGKILL'), 5_000);
    await exited;
    clearTimeout(timer);
  }
}

function nextAnswer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`A process ended before it answered (${code})`));
    child.once('exit', onExit);
    child.once('message', (message) => {
      child.off('exit', onExit);
      const said = message as Answer;
      if ('error' in said) reject(new Error(said.error));
      else resolve(said.answer as T);
    });
  });
}

/** What a peer is, in its own process. */
export interface Service {
  readonly ready: unknown;
  readonly answer?: (question: unknown) => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

/** Called by the script of a peer. It ends when its parent does. */
export async function serveParent(start: (argument: unknown) => Promise<Service>): Promise<void> {
  const say = (message: Answer): void => void process.send?.(message);
  try {
    const service = await start(JSON.parse(process.argv[2] ?? '{}'));
    process.on('disconnect', () => void service.close().finally(() => process.exit()));
    process.on('message', (message) => {
      const { question } = message as { question: unknown };
      const answer = service.answer?.(question) ?? Promise.resolve(null);
      answer.then(
        (value) => say({ answer: value ?? null }),
        (error: unknown) => say({ error: String(error) }),
      );
    });
    say({ answer: service.ready });
  } catch (error) {
    say({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    process.exit(1);
  }
}
