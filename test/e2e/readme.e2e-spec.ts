import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readmeBlocks } from '../support/readme-blocks.js';
import { buildOnce } from '../support/server-process.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const README_ADDRESS = 'http://127.0.0.1:8000';

let app: TestApp;

beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app?.close());

/** The only thing that is not as in the README is where the server listens. */
function here(code: string): string {
  if (!code.includes(README_ADDRESS)) throw new Error(`${README_ADDRESS} is not in the README's code`);
  return code.replaceAll(README_ADDRESS, app.url);
}

async function runShell(script: string) {
  const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`;
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { env: { PATH }, timeout: 50_000 });
  return stdout;
}

describe('the README', () => {
  const marker = '\n-- for the socket --\n';
  let shell: string;

  beforeAll(async () => {
    shell = await runShell(`${here(readmeBlocks('bash').join('\n'))}\nprintf '${marker}%s %s' "$TOKEN" "$FLOW"`);
  });

  it('does the main job by curl', () => {
    expect(shell).toMatch(/^\{"run_id":.*"status":"completed".*A letter in a bottle.*\}$/m);
    expect(shell).toContain('event: execution.started\n');
    expect(shell).toContain('event: agent.token\n');
    expect(shell).toMatch(/event: execution\.completed\ndata: .*"outputs":\{"out":\{"text":/);
    expect(shell).toMatch(/^\{"items":\[\{"type":"[a-z.]+",.*?"seq":3,/m);
    expect(shell).toContain('"kind":"flow"');
  });

  it('has an agent call a tool', () => {
    expect(shell).toMatch(/^\{"run_id":.*"status":"completed".*\\"number\\":42.*"session_id":/m);
  });

  it('does it by Socket.IO', async () => {
    const [snippet, ...more] = readmeBlocks('js');
    expect(more).toEqual([]);
    const [TOKEN = '', FLOW = ''] = (shell.split(marker)[1] ?? '').split(' ');
    // Beside the packages that it imports.
    const file = `${ROOT}node_modules/.readme-${process.pid}.mjs`;
    writeFileSync(file, here(snippet ?? ''));
    try {
      const { stdout } = await run(process.execPath, [file], { env: { TOKEN, FLOW }, timeout: 30_000 });
      const numbers = [...stdout.matchAll(/^(\d+) execution\./gm)].map(([, seq]) => Number(seq));
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      expect(numbers.length).toBeGreaterThan(8);
      expect(stdout).toContain('[offline: no model was asked]');
      expect(stdout).toMatch(/german-out'?: \{\s*text:/);
    } finally {
      rmSync(file);
    }
  });

  it('names only scripts and files that exist', () => {
    const readme = readFileSync(`${ROOT}README.md`, 'utf8');
    const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> };
    for (const [, name = ''] of readme.matchAll(/npm (?:run )?(?!ci\b|run\b)([\w:]+)/g))
      expect(scripts).toHaveProperty([name]);
    for (const [, file = ''] of readme.matchAll(/\]\(([^)#]+)\)/g))
      expect([file, existsSync(`${ROOT}${file}`)]).toEqual([file, true]);
  });
});

/** What each says when it has come to its end; side by side, as their clients would. */
const EXAMPLES = {
  flow: /\d+ brief has ended\n[^]*^completed \{[^]*A letter in a bottle[^]* [1-9]\d* tokens in, [1-9]\d* out$/m,
  agent: /^calls calculator with \{ expression: '6\*7' \}[^]*\[offline[^]*^completed: .*"number":42/ms,
  group:
    /^round 1, by the rule mentions: (Poet and Critic|Critic and Poet)$[^]*^Poet: .*\n[^]*^[5-7] messages by 3 members$/m,
  swarm:
    /^task page: completed$[^]*^completed, nobody at work\n2 tasks, 2 files, 5 times.*\n--- index.html\n<!doctype html>/m,
  task: /^each Monday at nine: .*T09:00:00\+0[12]:00$[^]*^settled, [^]*^due at .*: fired \[offline/m,
};

describe('the examples', () => {
  beforeAll(() => buildOnce(), 120_000);

  it.concurrent.each(Object.entries(EXAMPLES))('%s starts, follows and ends', async (name, said) => {
    const env = { TROUPE_URL: app.url };
    const { stdout, stderr } = await run(process.execPath, [`examples/${name}.mjs`], {
      cwd: ROOT,
      env,
      timeout: 30_000,
    });
    expect([stdout, stderr]).toEqual([expect.stringMatching(said), '']);
  });
});
