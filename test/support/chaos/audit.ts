import type { RecordedCall } from '../model-server/call-log.js';
import type { AcknowledgedRun } from './load.js';
import type { PlannedFlow } from './random-flow.js';
import type { ReportedEvent, RunReport } from './run-report.js';

/** The time in which runs may have been interrupted. */
export interface Interruption {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When a process was ready to go on with them. */
  readonly readyAt: number;
  /** By then each has to have gone on. */
  readonly goesOnWithinMs: number;
  /** When a frozen process was let go on. What it was about to send when it froze, it then sends. */
  readonly thawedAt?: number;
}

/** A request that was under way when its process froze is out this long after the thaw; nothing new begins. */
const UNDER_WAY_MS = 250;

export interface Evidence {
  readonly acknowledged: readonly AcknowledgedRun[];
  readonly planned: ReadonlyMap<string, PlannedFlow>;
  readonly runs: readonly RunReport[];
  readonly calls: readonly RecordedCall[];
  /** Answers to starts that were no acknowledgement. */
  readonly refusals: readonly string[];
  readonly interruption?: Interruption;
}

/** What a server may say while its database is away, or while it goes. */
const UNAVAILABLE = new Set([
  '503 DATABASE_UNAVAILABLE',
  '503 DRAINING',
  'socket DATABASE_UNAVAILABLE',
  'socket DRAINING',
  'socket UNAVAILABLE',
]);

const TERMINAL = new Set(['execution.completed', 'execution.failed', 'execution.cancelled']);

/** Everything that is wrong with what was left behind; nothing, when all promises were kept. */
export function findFaults({ acknowledged, planned, runs, calls, refusals, interruption }: Evidence): string[] {
  const known = new Set(runs.map(({ id }) => id));
  return [
    ...refusals.filter((refusal) => !UNAVAILABLE.has(refusal)).map((refusal) => `a start was refused: ${refusal}`),
    ...acknowledged
      .filter(({ runId }) => !known.has(runId))
      .map(({ runId }) => `${runId} was acknowledged and is lost`),
    ...runs.flatMap(streamFaults),
    ...runs.flatMap((run) => resultFaults(run, planOf(run, planned))),
    ...callFaults(calls, runs, planned, interruption),
    ...(interruption ? runs.flatMap((run) => delayFaults(run, interruption)) : []),
  ];
}

/** From 1 without a gap; one terminal event, which is the last; each node told as completed once. */
export function streamFaults({ id, status, events }: RunReport): string[] {
  const seqs = events.map(({ seq }) => seq);
  const terminal = events.filter(({ type }) => TERMINAL.has(type));
  const nodes = events.filter(({ type }) => type === 'execution.node.completed').map(({ data }) => data['node_id']);
  const checks: ReadonlyArray<readonly [boolean, string]> = [
    [seqs.every((seq, index) => seq === index + 1), `seq ${seqs.join(',')}`],
    [events[0]?.type === 'execution.started', `begins with ${events[0]?.type}`],
    [events.filter(({ type }) => type === 'execution.started').length === 1, 'was started more than once'],
    [
      terminal.length === 1 && terminal[0] === events.at(-1),
      `ends with ${events
        .slice(-2)
        .map(({ type }) => type)
        .join()}`,
    ],
    [terminal[0]?.type === `execution.${status}`, `is ${status} and its stream says ${terminal[0]?.type}`],
    [new Set(nodes).size === nodes.length, `completed nodes twice: ${nodes.join()}`],
  ];
  return checks.filter(([isRight]) => !isRight).map(([, fault]) => `${id}: ${fault}`);
}

function resultFaults({ id, status, outputs, events }: RunReport, { texts }: PlannedFlow): string[] {
  if (status !== 'completed') return [`${id} ended ${status}: ${JSON.stringify(events.at(-1)?.data)}`];
  const faults = events
    .filter(({ type }) => type === 'execution.node.completed')
    .filter(({ data }) => (data['output'] as { text?: string }).text !== texts.get(String(data['node_id'])))
    .map(({ data }) => `${id}: ${String(data['node_id'])} says ${JSON.stringify(data['output'])}`);
  return outputs['out']?.text === texts.get('out') ? faults : [...faults, `${id} put out ${JSON.stringify(outputs)}`];
}

function wasUnderWay({ startedAt }: RecordedCall, interruption: Interruption | undefined): boolean {
  const { thawedAt = Infinity } = interruption ?? {};
  return startedAt >= thawedAt && startedAt - thawedAt < UNDER_WAY_MS;
}

/**
 * Every call is one that a run had to make, under that node's key; none begins after its result was committed; and each
 * is made once, or once more for the interruption.
 */
export function callFaults(
  calls: readonly RecordedCall[],
  runs: readonly RunReport[],
  planned: ReadonlyMap<string, PlannedFlow>,
  interruption?: Interruption,
): string[] {
  const byKey = Map.groupBy(calls, ({ idempotencyKey }) => idempotencyKey ?? '');
  const expected = new Map(runs.flatMap((run) => expectedCalls(run, planOf(run, planned))));
  const unknown = [...byKey.keys()].filter((key) => !expected.has(key)).map((key) => `nobody was to call ${key}`);
  return [
    ...unknown,
    ...[...expected].flatMap(([key, call]) => keyFaults(key, call, byKey.get(key) ?? [], interruption)),
  ];
}

interface ExpectedCall {
  readonly question: string;
  readonly completed: ReportedEvent | undefined;
  readonly retries: number;
}

function expectedCalls({ id, events }: RunReport, { questions }: PlannedFlow): Array<[string, ExpectedCall]> {
  return [...questions].map(([nodeId, question]) => {
    const ofNode = events.filter(({ data }) => data['node_id'] === nodeId);
    const completed = ofNode.find(({ type }) => type === 'execution.node.completed');
    const retries = ofNode.filter(({ data }) => data['status'] === 'retrying').length;
    return [`${id}:node:${nodeId}`, { question, completed, retries }];
  });
}

function keyFaults(
  key: string,
  { question, completed, retries }: ExpectedCall,
  calls: readonly RecordedCall[],
  interruption: Interruption | undefined,
): string[] {
  const committedAt = completed === undefined ? Infinity : Date.parse(completed.at);
  const late = calls.filter((call) => call.startedAt > committedAt && !wasUnderWay(call, interruption));
  const checks: ReadonlyArray<readonly [boolean, string]> = [
    [completed === undefined || calls.length > 0, 'completed without a call'],
    [late.length === 0, `called ${late.length} times after its result was committed at ${completed?.at}`],
    [calls.length <= 2 + retries, `called ${calls.length} times, with ${retries} retries`],
    [calls.every(({ content }) => content === question), 'asked something else'],
  ];
  return checks.filter(([isRight]) => !isRight).map(([, fault]) => `${key}: ${fault}`);
}

/** A run that was there before has to say something soon after. */
function delayFaults({ id, events }: RunReport, { at, readyAt, goesOnWithinMs }: Interruption): string[] {
  const times = events.map((event) => Date.parse(event.at));
  const [first = Infinity, last = -Infinity] = [times[0], times.at(-1)];
  if (first > at || last <= at) return [];
  const next = times.find((time) => time > at) ?? Infinity;
  const delayMs = next - Math.max(at, readyAt);
  return delayMs <= goesOnWithinMs ? [] : [`${id} went on only after ${delayMs} ms`];
}

function planOf({ id, input }: RunReport, planned: ReadonlyMap<string, PlannedFlow>): PlannedFlow {
  const text = JSON.stringify(input);
  const marker = /\[[\w-]+\/\d+\]/.exec(text)?.[0];
  const plan = marker === undefined ? undefined : planned.get(marker);
  if (!plan) throw new Error(`Nobody planned the run ${id}: ${text}`);
  return plan;
}
