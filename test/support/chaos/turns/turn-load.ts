import type { ScriptRule } from '../../model-server/script.js';
import { SignedInClient } from '../../signed-in-client.js';
import { SocketReader } from '../../socket-reader.js';

/** Asked by turns alone. */
export const TURN_MODEL = 'model-medium';
const SLOW_MS = 4_000;

/** Where the turn of a room is to be when the process dies. */
export const PHASES = ['asking', 'joining', 'ending', 'waiting'] as const;
export type Phase = (typeof PHASES)[number];

/** Its two agents are slow in their calls, one of them is, or none. */
const SLOW: Readonly<Record<Phase, readonly string[]>> = {
  asking: ['Ada', 'Bob'],
  joining: ['Bob'],
  ending: [],
  waiting: [],
};

/** What the agents of these rooms say. */
export const TURN_SCRIPT: readonly ScriptRule[] = PHASES.flatMap((phase) =>
  ['Ada', 'Bob', 'Orchestrator'].map((alias) => {
    const delayMs = SLOW[phase].includes(alias) ? SLOW_MS : 0;
    return { model: TURN_MODEL, content: role(phase, alias), answer: { text: `${alias} of ${phase}.`, delayMs } };
  }),
);

/** Rooms whose turns are each in another phase, and what their people see of them. */
export class TurnLoad {
  /** Ids of the messages that somebody was told are stored. */
  readonly acknowledged: string[] = [];

  private constructor(
    readonly user: SignedInClient,
    private readonly reader: SocketReader,
    readonly rooms: ReadonlyMap<Phase, string>,
  ) {}

  static async open(url: string): Promise<TurnLoad> {
    const user = await SignedInClient.signUp(url);
    const reader = await SocketReader.connect(url, user.token);
    const rooms = new Map<Phase, string>();
    for (const phase of PHASES) {
      rooms.set(phase, await openRoom(user, phase));
      await reader.subscribe(`group:${rooms.get(phase)}`);
    }
    return new TurnLoad(user, reader, rooms);
  }

  async say(phase: Phase): Promise<void> {
    const path = `/groups/${this.rooms.get(phase)}/messages`;
    const { status, body } = await this.user.post(path, { content: `@[Ada] @[Bob] go on, ${phase}` });
    if (status !== 202) throw new Error(`${path} answered ${status} ${JSON.stringify(body)}`);
    this.acknowledged.push(String(body['message_id']));
  }

  /** Until an agent is seen to have spoken there. */
  async untilSaid(phase: Phase, alias: string): Promise<void> {
    await this.reader.until(() =>
      this.reader.of('group.message').some(({ data }) => data['content'] === `${alias} of ${phase}.`),
    );
  }

  async untilEnded(withinMs: number): Promise<void> {
    await this.reader.until(() => this.reader.of('group.turn.completed').length >= this.acknowledged.length, withinMs);
  }

  close(): void {
    this.reader.close();
  }
}

function role(phase: Phase, alias: string): string {
  return `ROLE-${alias}-${phase}`;
}

async function openRoom(user: SignedInClient, phase: Phase): Promise<string> {
  const part = (alias: string) => ({ role_prompt: role(phase, alias), provider_id: 'openai', model: TURN_MODEL });
  const { status, body } = await user.post('/groups', { orchestrator: part('Orchestrator') });
  if (status !== 201) throw new Error(`POST /groups answered ${status} ${JSON.stringify(body)}`);
  for (const alias of ['Ada', 'Bob'])
    await user.post(`/groups/${String(body['id'])}/members`, { alias, ...part(alias) });
  return String(body['id']);
}
