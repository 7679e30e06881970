// The built server as a process of its own, for checks.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(ROOT, 'dist/src/main.js');
const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 30_000;

/** Calls `work` with the address of a server; afterwards a SIGTERM must end it with 0. */
export async function withServer(env, work) {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-ci-server-'));
  chmodSync(folder, 0o755);
  // Run elsewhere, so that no .env of the checkout is read.
  const server = start(folder, { DATA_DIR: join(folder, 'data'), PORT: '0', LOG_LEVEL: 'warn', ...env });
  try {
    const result = await work(await server.ready());
    await server.stop();
    return result;
  } finally {
    await server.kill();
    // The database of a killed server takes a moment to end.
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

function start(cwd, env) {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [MAIN], { cwd, env: { PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let exitCode;
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const exited = new Promise((resolve) => child.once('close', (code, signal) => resolve((exitCode = code ?? signal))));

  return {
    async ready() {
      for (const giveUpAt = Date.now() + READY_WITHIN_MS; Date.now() < giveUpAt; await sleep(20)) {
        const [, url] = /Troupe is ready at (http:\S+)/.exec(output) ?? [];
        if (url) return url;
        if (exitCode !== undefined) break;
      }
      throw new Error(`The server did not become ready (${exitCode ?? 'still starting'}):\n${output}`);
    },
    async stop() {
      child.kill('SIGTERM');
      const code = await Promise.race([exited, sleep(STOP_WITHIN_MS, 'did not end', { ref: false })]);
      if (code !== 0) throw new Error(`After SIGTERM the server ended with ${code}:\n${output}`);
    },
    async kill() {
      if (exitCode === undefined) child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Runs the demo against a server; answers what it printed. */
export async function runDemo(url) {
  const { port } = new URL(url);
  const { PATH = '' } = process.env;
  const demo = spawn(process.execPath, [join(ROOT, 'scripts/demo.mjs')], {
    cwd: ROOT,
    env: { PATH, PORT: port, HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  let output = '';
  for (const stream of [demo.stdout, demo.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const code = await new Promise((resolve) => demo.once('close', resolve));
  if (code !== 0) throw new Error(`The demo ended with ${code}:\n${output}`);
  return output;
}
