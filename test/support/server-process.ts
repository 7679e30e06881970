import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The project's folder; built, this file lies one deeper. */
const ROOT = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url));

export type Environment = Readonly<Record<string, string>>;

/** Brings dist up to date. Not for tests that run side by side. */
export function buildOnce(): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/build.mjs'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The build failed:\n${stdout}${stderr}`);
}

/** One of our programs as a process of its own, as npm would start it. */
export class ServerProcess {
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private text = '';
  /** The exit code, null after a signal. */
  readonly exited: Promise<number | null>;

  constructor(script: string, env: Environment) {
    this.child = spawn(process.execPath, [script], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => (this.text += chunk));
    }
    this.exited = new Promise((resolve) => this.child.once('close', resolve));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** All it has written so far. */
  get output(): string {
    return this.text;
  }

  /** Waits for something it writes. */
  async sees(pattern: RegExp): Promise<RegExpExecArray> {
    let hasExited = false;
    void this.exited.then(() => (hasExited = true));
    for (;;) {
      const found = pattern.exec(this.text);
      if (found) return found;
      if (hasExited) throw new Error(`It ended without writing ${pattern}:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
