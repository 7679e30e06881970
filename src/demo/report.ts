import type { DemoAccount } from './demo-client.js';
import { seconds } from './demo-view.js';
import type { NodeProgress, RunEnd, Usage } from './run-progress.js';
import type { Style } from './style.js';
import { wrap } from './text-layout.js';

export interface ReportOptions {
  readonly url: string;
  readonly runId: string;
  readonly account: DemoAccount;
  readonly nodes: Iterable<NodeProgress>;
  readonly end: RunEnd;
  readonly columns: number;
  readonly style: Style;
}

/** What is said when the run has ended: outputs, time, tokens, where to look. */
export function report({ end, nodes, columns, style, ...where }: ReportOptions): string {
  const lines = [
    ...Object.entries(end.outputs).flatMap(([id, { text = '' }]) => [
      style.bold(id),
      ...wrap(text, columns - 7).map((line) => `${style.dim('│')} ${line}`),
      '',
    ]),
    headline(end, nodes, style),
    '',
    ...addresses(where, style),
  ];
  return `${lines.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}\n\n`;
}

function headline({ status, durationMs, error }: RunEnd, nodes: Iterable<NodeProgress>, style: Style): string {
  const paint = status === 'completed' ? style.green : style.red;
  const ended = paint(`${status[0]?.toUpperCase()}${status.slice(1)}`);
  const failure = error ? `${error.code}: ${error.message}` : undefined;
  return [`${ended} in ${seconds(durationMs)}`, tokens(nodes), failure].filter(Boolean).join(' · ');
}

function tokens(nodes: Iterable<NodeProgress>): string | undefined {
  const calls = [...nodes].flatMap(({ output }) => output?.usage ?? []);
  if (calls.length === 0) return undefined;
  const sum = (count: (usage: Usage) => number | undefined) =>
    calls.reduce((total, usage) => total + (count(usage) ?? 0), 0);
  const models = [...new Set(calls.map(({ model }) => model))].join(', ');
  const [input, output] = [sum((usage) => usage.input_tokens), sum((usage) => usage.output_tokens)];
  return `${calls.length} model calls (${models}) · ${input} tokens in, ${output} out`;
}

function addresses({ url, runId, account }: Pick<ReportOptions, 'url' | 'runId' | 'account'>, style: Style): string[] {
  const { username, password } = account;
  return [
    style.dim('The run; its events are under /events:'),
    style.cyan(`${url}/api/v1/runs/${runId}`),
    style.dim(`The API, to be tried in a browser; sign in as ${username} with ${password}:`),
    style.cyan(`${url}/docs`),
  ];
}
