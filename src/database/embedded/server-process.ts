import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Layout } from './layout.js';

/**
 * Becomes PostgreSQL, after leaving behind a watcher that reads standard input until our process ends, however it ends,
 * and then asks PostgreSQL for a fast shutdown. The watcher is orphaned on purpose: PostgreSQL must not find a child it
 * does not know.
 */
const WATCHED = 'exec 3<&0; ( ( cat <&3; kill -INT $$ ) >/dev/null 2>&1 & ); exec "$0" "$@" 3<&- </dev/null';

const KEPT_LINES = 20;

/** One PostgreSQL server process. */
export class ServerProcess {
  readonly ended: Promise<void>;
  private hasEnded = false;
  private readonly lines: string[] = [];

  private constructor(
    private readonly child: ChildProcess,
    private readonly layout: Layout,
    onLine: (line: string) => void,
  ) {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.keep(text, onLine));
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => this.keep(error.message, onLine));
      child.once('close', () => resolve(this.onEnd()));
    });
  }

  /** Starts the server in a session of its own, so that Ctrl-C reaches only us and the server lasts while we drain. */
  static start(layout: Layout, serverArguments: readonly string[], onLine: (line: string) => void): ServerProcess {
    const postgres = join(layout.binFolder, 'postgres');
    const command = process.platform === 'win32' ? [postgres] : ['/bin/sh', '-c', WATCHED, postgres];
    const [file = postgres, ...prefix] = command;
    const child = spawn(file, [...prefix, ...serverArguments], {
      detached: process.platform !== 'win32',
      windowsHide: true,
      uid: layout.user?.uid,
      gid: layout.user?.gid,
      cwd: layout.root,
      env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    child.stdin?.on('error', () => undefined); // the watcher is gone: so is the server, which `close` tells
    return new ServerProcess(child, layout, onLine);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  get isRunning(): boolean {
    return !this.hasEnded;
  }

  /** The last lines the server wrote. */
  get output(): string {
    return this.lines.join('\n');
  }

  /** Fast shutdown: open transactions are rolled back, everything committed is written. */
  async stop(withinMs: number): Promise<void> {
    this.signal('SIGINT');
    const timer = setTimeout(() => this.signal('SIGQUIT'), withinMs);
    await this.ended;
    clearTimeout(timer);
  }

  private signal(signal: 'SIGINT' | 'SIGQUIT'): void {
    if (this.hasEnded || this.child.pid === undefined) return;
    if (process.platform === 'win32') {
      const mode = signal === 'SIGINT' ? 'fast' : 'immediate';
      spawnSync(join(this.layout.binFolder, 'pg_ctl'), ['stop', '-D', this.layout.cluster, '-m', mode, '--no-wait']);
    } else {
      this.child.kill(signal);
    }
  }

  private onEnd(): void {
    this.hasEnded = true;
    this.child.stdin?.destroy();
  }

  private keep(text: string, onLine: (line: string) => void): void {
    for (const line of text.split('\n').filter(Boolean)) {
      this.lines.push(line);
      onLine(line);
    }
    this.lines.splice(0, this.lines.length - KEPT_LINES);
  }
}
