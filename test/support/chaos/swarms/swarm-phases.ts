import type { RecordedCall } from '../../model-server/call-log.js';
import type { ScriptRule } from '../../model-server/script.js';
import type { SignedInClient } from '../../signed-in-client.js';
import { streamFaults } from '../audit.js';
import { readEndedRuns, type ReportedEvent } from '../run-report.js';

const PHASES = ['planning', 'executing', 'review', 'testing'] as const;
type Phase = (typeof PHASES)[number];

/** Calls in which the model does not answer the first time: the two tasks of `executing` are worked on side by side. */
export const HANGING_CALLS = 5;

const ENDED_WITHIN_MS = 30_000;

/** Four swarms, of which each stands still in a phase of its own. Whoever asks again after that is answered at once. */
export const PHASE_SCRIPT: readonly ScriptRule[] = PHASES.flatMap((phase) => [
  ...tasksOf(phase).flatMap((id) => [
    ...answering(`Your task is ${id}`, phase === 'executing', [
      call('write_file', { path: `${id}.html`, content: id }),
      call('complete_task', { task_id: id, summary: 'done' }),
    ]),
    ...answering(`Review task ${id}`, phase === 'review', [call('submit_review', { task_id: id, passed: true })]),
  ]),
  ...answering(`Plan this project:\nBuild ${phase}`, phase === 'planning', [
    call('submit_plan', { tasks: tasksOf(phase).map((id) => ({ id, title: id, type: 'frontend' })) }),
  ]),
  ...answering(`wants it:\nBuild ${phase}`, phase === 'testing', [
    call('submit_review', { task_id: `${phase}-a`, passed: true }),
  ]),
]);

/** @returns the projects, by the phase in which each stands still */
export async function startSwarms(user: SignedInClient): Promise<ReadonlyMap<Phase, string>> {
  const started = PHASES.map(async (phase) => {
    const { status, body } = await user.post('/projects', { prompt: `Build ${phase}` });
    if (status !== 201) throw new Error(`POST /projects answered ${status}`);
    return [phase, String(body['id'])] as const;
  });
  return new Map(await Promise.all(started));
}

/** Everything that is wrong once all have ended; nothing, when all promises were kept. */
export async function swarmFaults(
  user: SignedInClient,
  projects: ReadonlyMap<Phase, string>,
  models: { calls(): Promise<readonly RecordedCall[]> },
): Promise<string[]> {
  const runs = await readEndedRuns(user, ENDED_WITHIN_MS);
  const bad = runs.filter(({ status }) => status !== 'completed').map(({ id, status }) => `${id} is ${status}`);
  const perKey = Map.groupBy(await models.calls(), ({ idempotencyKey }) => String(idempotencyKey));
  const repeated = [...perKey.values()].filter((made) => made.length > 1);
  const wrong = repeated.filter((made) => made.length > 2 || made[0]?.outcome === 'answered');
  const ofProjects = [...projects].map(([phase, id]) => projectFaults(user, phase, id));
  return [
    ...bad,
    ...runs.flatMap(streamFaults),
    ...wrong.map(([first]) => `${String(first?.idempotencyKey)} was called again after its answer`),
    ...(repeated.length === HANGING_CALLS ? [] : [`${repeated.length} calls were made again`]),
    ...(await Promise.all(ofProjects)).flat(),
  ];
}

/** Each task is done once, each file written once, and the state says what the stream said. */
async function projectFaults(user: SignedInClient, phase: Phase, id: string): Promise<string[]> {
  const { body: state } = await user.get(`/projects/${id}/state`);
  const { body } = await user.get(`/events?stream=project:${id}&limit=1000`);
  const events = body['items'] as ReportedEvent[];
  const tasks = tasksOf(phase);
  const done = events.filter(({ data }) => (data['task'] as { status?: string } | undefined)?.status === 'completed');
  const files = tasks.map((task) => ({ path: `${task}.html`, version: 1 }));
  const artifacts = (state['artifacts'] as { path: string }[]).toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const checks: ReadonlyArray<readonly [boolean, string]> = [
    [events.every(({ seq }, index) => seq === index + 1), 'its stream has gaps'],
    [state['status'] === 'completed' && state['iteration'] === 2 + 2 * tasks.length, JSON.stringify(state)],
    [done.length === tasks.length, `${done.length} times a task was completed`],
    [JSON.stringify(artifacts) === JSON.stringify(files), `it wrote ${JSON.stringify(artifacts)}`],
    [events.filter(({ type }) => type === 'project.artifact').length === files.length, 'files were told of twice'],
    [events.at(-1)?.data['status'] === 'completed', 'its stream does not end with its end'],
  ];
  return checks.filter(([isRight]) => !isRight).map(([, fault]) => `the swarm killed in ${phase}: ${fault}`);
}

function tasksOf(phase: Phase): string[] {
  return phase === 'executing' ? [`${phase}-a`, `${phase}-b`] : [`${phase}-a`];
}

function answering(content: string, hangs: boolean, toolCalls: readonly ReturnType<typeof call>[]): ScriptRule[] {
  const question = { content, after: 'user' } as const;
  const first: ScriptRule = { ...question, times: 1, answer: { fault: { kind: 'hang' } } };
  return [
    ...(hangs ? [first] : []),
    { ...question, answer: { toolCalls } },
    { content, after: 'tool', answer: { text: 'Done.' } },
  ];
}

function call(name: string, args: object) {
  return { name, arguments: JSON.stringify(args) };
}
