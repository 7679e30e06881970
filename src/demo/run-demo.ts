import { randomBytes } from 'node:crypto';
import { readEnvironment } from '../config/read-environment.js';
import { DEFAULT_IDEA, DEMO_FLOW, IDEA_NODE, treeRows } from './demo-flow.js';
import { type DemoAccount, DemoClient } from './demo-client.js';
import { serverUrl } from './demo-settings.js';
import type { DemoView } from './demo-view.js';
import { LiveView } from './live-view.js';
import { PlainView } from './plain-view.js';
import { report } from './report.js';
import { RunFollower } from './run-follower.js';
import { RunProgress } from './run-progress.js';
import { createStyle, type Style } from './style.js';
import { headOf } from './text-layout.js';

const out = process.stdout;

/**
 * Registers a user, saves a flow, runs it and shows it at work.
 * @param idea what the run begins with; empty for the demo's own
 * @returns the exit code: 1 when the run did not complete
 */
export async function runDemo(idea: string): Promise<number> {
  const env = readEnvironment();
  const isLive = out.isTTY && env['TERM'] !== 'dumb';
  const style = createStyle(isLive && !env['NO_COLOR']);
  const client = new DemoClient(serverUrl(env));
  await client.assertReady();
  const account = newAccount();
  const flowId = await prepare(client, account, style);
  const progress = new RunProgress(DEMO_FLOW.nodes.map(({ id }) => id));
  const view = isLive ? new LiveView(out, treeRows(DEMO_FLOW), progress, style) : plainView();
  const inputs = { [IDEA_NODE]: { text: idea || DEFAULT_IDEA } };
  say(style, 'Idea', headOf(idea || DEFAULT_IDEA, columns() - 13), '\n');
  const runId = await follow(client, { flow_id: flowId, inputs }, progress, view);
  if (!progress.end) return 1;
  const { end } = progress;
  out.write(
    report({ url: client.url, runId, account, nodes: progress.nodes.values(), end, columns: columns(), style }),
  );
  return end.status === 'completed' ? 0 : 1;
}

/** @returns the id of the saved flow */
async function prepare(client: DemoClient, account: DemoAccount, style: Style): Promise<string> {
  out.write(`\n  ${style.bold('Troupe')} ${style.dim(`at ${client.url}`)}\n\n`);
  await client.signUp(account);
  say(style, 'User', account.username);
  const provider = await client.defaultProvider();
  say(style, 'Model', provider.id === 'offline' ? style.yellow(OFFLINE_NOTICE) : provider.name);
  const flowId = await client.saveFlow(DEMO_FLOW);
  say(style, 'Flow', `${DEMO_FLOW.name} ${style.dim(`(${DEMO_FLOW.nodes.length} nodes, saved)`)}`);
  return flowId;
}

const OFFLINE_NOTICE = [
  'offline: the built-in stand-in, which only repeats what it is asked.',
  '          Start the server with OPENAI_API_KEY for a real one (OPENAI_BASE_URL too',
  '          for another service, such as Ollama: http://127.0.0.1:11434/v1).',
].join('\n');

/** @returns the id of the run, once it has ended */
async function follow(client: DemoClient, request: object, progress: RunProgress, view: DemoView): Promise<string> {
  let runId = '';
  const follower = RunFollower.connect(client.url, client.accessToken, progress, {
    started: (id) => (runId = id),
    changed: (event, node) => view.changed(event, node),
    connection: (isUp) => view.note(isUp ? 'The server is back; the run goes on.' : LOST_NOTICE),
  });
  const onInterrupt = () => {
    view.end();
    out.write(`\n  The run goes on at ${client.url}/api/v1/runs/${runId}\n\n`);
    process.exit(130);
  };
  process.once('SIGINT', onInterrupt);
  view.begin();
  try {
    await follower.run(request);
  } finally {
    view.end();
    process.off('SIGINT', onInterrupt);
  }
  return runId;
}

const LOST_NOTICE = 'The server is away. The run is safe: it goes on when the server is back.';

function plainView(): DemoView {
  return new PlainView(
    (text) => out.write(text),
    () => performance.now(),
  );
}

function say(style: Style, label: string, text: string, end = ''): void {
  out.write(`  ${style.dim(label.padEnd(8))}${text}\n${end}`);
}

function columns(): number {
  return out.columns || 80;
}

function newAccount(): DemoAccount {
  const username = `demo-${randomBytes(4).toString('hex')}`;
  return { username, email: `${username}@example.org`, password: randomBytes(9).toString('base64url') };
}
