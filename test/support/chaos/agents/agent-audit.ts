import type { RecordedCall } from '../../model-server/call-log.js';
import { streamFaults } from '../audit.js';
import type { ReportedEvent, RunReport } from '../run-report.js';
import type { ActCall } from './act-server.js';
import { type AgentPlan, answerOf, type Turn } from './agent-plan.js';

export interface AgentEvidence {
  readonly plans: readonly AgentPlan[];
  readonly acknowledged: readonly string[];
  readonly runs: readonly RunReport[];
  readonly modelCalls: readonly RecordedCall[];
  readonly actCalls: readonly ActCall[];
}

/** One call of a tool as its run tells of it. */
interface ToldCall {
  readonly tool: string;
  readonly completedAt: number;
  readonly isOk: boolean;
  /** How often a person has let it go on. */
  readonly approvals: number;
  readonly wasAsked: boolean;
}

/** Everything that is wrong with what agents left behind; nothing, when all promises were kept. */
export function agentFaults(evidence: AgentEvidence): string[] {
  const { plans, acknowledged, runs, modelCalls, actCalls } = evidence;
  const known = new Set(runs.map(({ id }) => id));
  const all = new Map(plans.flatMap(withChildren).map((plan) => [plan.marker, plan]));
  const keys = new Set(runs.flatMap((run) => [...toldCalls(run).keys()].map((key) => `${run.id}:${key}`)));
  return [
    ...acknowledged.filter((id) => !known.has(id)).map((id) => `${id} was acknowledged and is lost`),
    ...actCalls.filter(({ idempotencyKey: key }) => !keys.has(key)).map(({ idempotencyKey: key }) => `unasked: ${key}`),
    ...runs.flatMap(streamFaults),
    ...runs.flatMap((run) => runFaults(run, all)),
    ...runs.flatMap((run) => modelFaults(run, modelCalls)),
    ...runs.flatMap((run) => toolFaults(run, actCalls)),
  ];
}

function withChildren(plan: AgentPlan): AgentPlan[] {
  return [plan, ...plan.turns.flatMap((turn) => ('child' in turn ? withChildren(turn.child) : []))];
}

/** It says what it was to say, after so many answers of the model, and each of its turns called what it was to call. */
function runFaults({ id, status, input, output, events }: RunReport, plans: ReadonlyMap<string, AgentPlan>): string[] {
  const marker = /<[^>]+>/.exec(String((input as { instruction: string }).instruction))?.[0] ?? '';
  const plan = plans.get(marker);
  if (!plan) return [`nobody planned ${id}`];
  const of = (type: string) => events.filter((event) => event.type === type);
  const children = plan.turns.filter((turn) => 'child' in turn).length;
  const checks: ReadonlyArray<readonly [boolean, string]> = [
    [
      status === 'completed' && output === answerOf(plan),
      `${status}: ${JSON.stringify(output ?? events.at(-1)?.data)}`,
    ],
    [of('agent.message').length === plan.turns.length + 1, `${of('agent.message').length} messages`],
    [of('agent.tool.called').length === plan.turns.flatMap(callsIn).length, 'called other tools'],
    [of('agent.tool.completed').length === of('agent.tool.called').length, 'a call without its result'],
    [of('agent.delegated').length === children, `delegated ${of('agent.delegated').length} times, not ${children}`],
  ];
  return checks.filter(([isRight]) => !isRight).map(([, fault]) => `${id}: ${fault}`);
}

function callsIn(turn: Turn): readonly unknown[] {
  return 'acts' in turn ? turn.acts : [turn];
}

/** Each call of the model under its own key; none begins after its answer was committed, none is made a third time. */
export function modelFaults({ id, events }: RunReport, calls: readonly RecordedCall[]): string[] {
  return events
    .filter(({ type }) => type === 'agent.message')
    .flatMap(({ at, data }) => {
      const key = `${id}:${String(data['key'])}`;
      const made = calls.filter(({ idempotencyKey }) => idempotencyKey === key);
      const retries = events.filter(
        (event) => event.type === 'execution.step.retrying' && event.data['key'] === data['key'],
      );
      return callFaults(key, made, { committedAt: Date.parse(at), least: 1, most: 2 + retries.length });
    });
}

function toolFaults(run: RunReport, calls: readonly ActCall[]): string[] {
  return [...toldCalls(run)].flatMap(([key, told]) => {
    const made = calls.filter(({ idempotencyKey }) => idempotencyKey === `${run.id}:${key}`);
    return callFaults(`${run.id}:${key} ${told.tool}`, made, { committedAt: told.completedAt, ...boundsOf(told) });
  });
}

/** What `retry`, `fail` and `ask` promise, and approval. */
function boundsOf({ tool, isOk, approvals, wasAsked }: ToldCall): { least: number; most: number } {
  const least = isOk ? 1 : 0;
  if (tool === 'acts/peek') return { least, most: 2 };
  if (tool === 'acts/drop') return { least, most: 1 + approvals };
  if (tool === 'guarded/add') return { least, most: wasAsked ? approvals : 0 };
  return { least, most: tool === 'acts/add' ? 1 : 0 };
}

function callFaults(
  what: string,
  made: ReadonlyArray<{ readonly startedAt: number }>,
  { committedAt, least, most }: { committedAt: number; least: number; most: number },
): string[] {
  const late = made.filter(({ startedAt }) => startedAt > committedAt).length;
  const checks: ReadonlyArray<readonly [boolean, string]> = [
    [late === 0, `made ${late} times after its result was committed`],
    [made.length >= least && made.length <= most, `made ${made.length} times, and not ${least} to ${most}`],
  ];
  return checks.filter(([isRight]) => !isRight).map(([, fault]) => `${what}: ${fault}`);
}

/** By the key of the step. */
export function toldCalls({ events }: RunReport): Map<string, ToldCall> {
  const completed = events.filter(({ type, data }) => type === 'agent.tool.completed' && data['tool'] !== 'delegate');
  return new Map(completed.map((event) => [String(event.data['key']), toldCall(event, events)]));
}

function toldCall({ at, data }: ReportedEvent, events: readonly ReportedEvent[]): ToldCall {
  const key = String(data['key']);
  const about = events.filter((event) => String(event.data['key']).endsWith(`:${key}`));
  const approvals = about.filter(
    ({ type, data: answer }) => type === 'approval.resolved' && answer['decision'] === 'approve',
  );
  return {
    tool: String(data['tool']),
    completedAt: Date.parse(at),
    isOk: (data['result'] as { ok: boolean }).ok,
    approvals: approvals.length,
    wasAsked: about.some(({ type }) => type === 'approval.requested'),
  };
}
