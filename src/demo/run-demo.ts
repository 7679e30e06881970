import { randomBytes } from 'node:crypto';
import type { RawEnvironment } from '../config/load-config.js';
import { DEFAULT_IDEA, DEMO_FLOW, IDEA_NODE, treeRows } from './demo-flow.js';
import { type DemoAccount, DemoClient } from './demo-client.js';
import { serverUrl } from './demo-settings.js';
import type { DemoView } from './demo-view.js';
import { LiveView } from './live-view.js';
import { PlainView } from './plain-view.js';
import { report } from './report.js';
import { RunFollower } from './run-follower.js';
import { type RunEnd, RunProgress } from './run-progress.js';
import { createStyle } from './style.js';
import { headOf } from './text-layout.js';

/** The terminal, or what stands for it. */
export type Screen = Pick<NodeJS.WriteStream, 'write'> & Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>>;

export interface DemoOptions {
  /** What the run begins with; empty for the demo's own. */
  readonly idea: string;
  readonly env: RawEnvironment;
  readonly screen: Screen;
}

/**
 * Registers a user, saves a flow, runs it and shows it at work.
 * @returns the exit code: 1 when the run did not complete
 * @throws {DemoError} with what to do
 */
export async function runDemo({ idea, env, screen }: DemoOptions): Promise<number> {
  const isLive = screen.isTTY === true && env['TERM'] !== 'dumb';
  const style = createStyle(isLive && !env['NO_COLOR']);
  const say = (label: string, text: string) => screen.write(`  ${style.dim(label.padEnd(8))}${text}\n`);
  const client = new DemoClient(serverUrl(env));
  await client.assertReady();
  screen.write(`\n  ${style.bold('Troupe')} ${style.dim(`at ${client.url}`)}\n\n`);

  const account = newAccount();
  await client.signUp(account);
  say('User', account.username);
  const provider = await client.defaultProvider();
  say('Model', provider.id === 'offline' ? style.yellow(OFFLINE_NOTICE) : provider.name);
  const flowId = await client.saveFlow(DEMO_FLOW);
  say('Flow', `${DEMO_FLOW.name} ${style.dim(`(${DEMO_FLOW.nodes.length} nodes, saved)`)}`);
  const text = idea || DEFAULT_IDEA;
  const columns = screen.columns || 80;
  say('Idea', `${headOf(text, columns - 13)}\n`);

  const runId = await client.runFlow(flowId, { [IDEA_NODE]: { text } });
  const progress = new RunProgress(DEMO_FLOW.nodes.map(({ id }) => id));
  const view = isLive ? new LiveView(screen, treeRows(DEMO_FLOW), progress, style) : new PlainView(screen);
  const end = await follow(client, runId, progress, view);
  screen.write(report({ url: client.url, runId, account, nodes: progress.nodes.values(), end, columns, style }));
  return end.status === 'completed' ? 0 : 1;
}

const OFFLINE_NOTICE = [
  'offline: the built-in stand-in, which only repeats what it is asked.',
  '          Start the server with OPENAI_API_KEY for a real one, and OPENAI_BASE_URL',
  '          for another service (Ollama: http://127.0.0.1:11434/v1).',
].join('\n');

/** Shows the run until it ends; a Ctrl-C leaves it to the server. */
async function follow(client: DemoClient, runId: string, progress: RunProgress, view: DemoView): Promise<RunEnd> {
  const follower = new RunFollower(`run:${runId}`, progress, {
    changed: (event, node) => view.changed(event, node),
    connection: (isUp) => view.note(isUp ? BACK_NOTICE : LOST_NOTICE),
  });
  const onInterrupt = () => {
    view.end();
    process.stderr.write(`\n  The run goes on: ${client.url}/api/v1/runs/${runId}\n\n`);
    process.exit(130);
  };
  process.once('SIGINT', onInterrupt);
  view.begin();
  try {
    return await follower.follow(client.troupe.events);
  } finally {
    view.end();
    process.off('SIGINT', onInterrupt);
  }
}

const LOST_NOTICE = 'The server is away. The run is safe: it goes on when the server is back.';
const BACK_NOTICE = 'The server is back, and the run goes on where it was.';

function newAccount(): DemoAccount {
  const username = `demo-${randomBytes(4).toString('hex')}`;
  return { username, email: `${username}@example.org`, password: randomBytes(9).toString('base64url') };
}
