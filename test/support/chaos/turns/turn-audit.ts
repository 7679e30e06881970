import type { RecordedCall } from '../../model-server/call-log.js';
import { modelFaults } from '../agents/agent-audit.js';
import { streamFaults } from '../audit.js';
import { readEndedRuns, type ReportedEvent } from '../run-report.js';
import type { Phase, TurnLoad } from './turn-load.js';

const ENDED_WITHIN_MS = 30_000;

/** Everything that is wrong with what the turns left behind; nothing, when all promises were kept. */
export async function turnFaults(load: TurnLoad, calls: readonly RecordedCall[]): Promise<string[]> {
  const runs = await readEndedRuns(load.user, ENDED_WITHIN_MS);
  const rooms = await Promise.all(
    [...load.rooms].map(async ([phase, id]) => roomFaults(phase, id, await eventsOf(load, id), load)),
  );
  return [
    ...rooms.flat(),
    ...runs.filter(({ status }) => status !== 'completed').map(({ id, status }) => `${id} ended ${status}`),
    ...runs.flatMap(streamFaults),
    ...runs.flatMap((run) => modelFaults(run, calls)),
  ];
}

async function eventsOf({ user }: TurnLoad, groupId: string): Promise<readonly ReportedEvent[]> {
  const { body } = await user.get(`/events?stream=group:${groupId}&limit=500`);
  return body['items'] as readonly ReportedEvent[];
}

/** What everybody had to say was said once, and the turn is over, once. */
function roomFaults(phase: Phase, id: string, events: readonly ReportedEvent[], load: TurnLoad): string[] {
  const of = (type: string) => events.filter((event) => event.type === type);
  const said = of('group.message').map(({ data }) => String(data['content']));
  const expected = [
    `@[Ada] @[Bob] go on, ${phase}`,
    ...['Ada', 'Bob', 'Orchestrator'].map((alias) => `${alias} of ${phase}.`),
  ];
  const rules = of('group.routed').map(({ data }) => data['rule']);
  const [ended] = of('group.turn.completed');
  const checks: ReadonlyArray<readonly [boolean, string]> = [
    [events.every(({ seq }, index) => seq === index + 1), 'its stream has a gap'],
    [said.toSorted().join() === expected.toSorted().join(), `was said: ${said.join(' | ')}`],
    [said[0] === expected[0] && said.at(-1) === expected.at(-1), `in this order: ${said.join(' | ')}`],
    [rules.join() === 'mentions,to_orchestrator,no_command', `was routed by ${rules.join()}`],
    [of('group.turn.started').length === 1 && of('group.turn.completed').length === 1, 'its turn began or ended twice'],
    [ended?.data['reason'] === 'no_command', `ended by ${String(ended?.data['reason'])}`],
    [load.acknowledged.includes(String(of('group.message')[0]?.data['id'])), 'a message was acknowledged and is lost'],
  ];
  return checks.filter(([isRight]) => !isRight).map(([, fault]) => `${phase} (${id}): ${fault}`);
}
