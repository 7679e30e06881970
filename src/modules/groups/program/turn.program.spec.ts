import { afterEach, describe, expect, it } from 'vitest';
import { type ProgramDefinition, StepFailure } from '../../../engine/index.js';
import { EngineHarness } from '../../../engine/testing/engine-harness.js';
import { DEFAULT_DEFINITION } from '../../agents/definitions/agent-definition.js';
import { AGENT_KIND } from '../../agents/program/agent-run.js';
import { DEFAULT_SETTINGS } from '../entities/group-member.entity.js';
import { route } from '../routing/router.js';
import type { Said, TurnPorts } from './turn-ports.js';
import { turnProgram } from './turn-program.definition.js';
import { type Actor, type Routing, TURN_KIND, type TurnInput, type TurnOutput } from './turn-run.js';

const MEMBERS = ['Orchestrator', 'Ada', 'Bob'].map((alias) => ({
  alias,
  kind: 'agent' as const,
  is_orchestrator: alias === 'Orchestrator',
}));
const FIRST = [{ kind: 'user' as const, alias: 'Eve', text: '@[Ada] @[Bob] go' }];

/** A group in memory, and agents that say what they are told to. */
class Room {
  readonly harness = new EngineHarness();
  readonly saved: Array<[string, Said]> = [];
  readonly rounds: number[] = [];
  isStopped = false;

  constructor(private readonly answers: Readonly<Record<string, () => Promise<string>>>) {}

  private readonly ports: TurnPorts = {
    route: async (_, { round, messages, notes }) => {
      if (this.isStopped) return null;
      this.rounds.push(round);
      const decision = route({
        round,
        max_rounds: 5,
        policy: 'orchestrated',
        members: MEMBERS,
        messages: messages ?? FIRST,
        notes,
      });
      return { decision, actors: decision.actors.map((alias) => this.actor(alias)) };
    },
    planOwn: (_, { alias }) => ({ instruction: '', agent: { ...DEFAULT_DEFINITION, name: alias } }),
    plan: () => Promise.reject(new StepFailure({ code: 'AGENT_NOT_FOUND', message: 'gone' })),
    save: async (_, __, ___, { alias }, said) => {
      if (this.isStopped) return false;
      this.saved.push([alias, said]);
      return true;
    },
    actorTimeoutMs: 250,
  };

  /** Of its first round, as whoever posts the message settles it. */
  opening(alias: string): Routing {
    const decision = { rule: 'mentions', ends: false, actors: [alias], refused: [], notes: [] } as const;
    return { decision, actors: [this.actor(alias)] };
  }

  private actor(alias: string): Actor {
    const agentId = this.answers[alias] ? null : 'gone';
    const who = { member_id: alias, alias, is_orchestrator: alias === 'Orchestrator', agent_id: agentId };
    return { ...who, settings: DEFAULT_SETTINGS, others: [], heard_to: 0 };
  }

  async run(more: Partial<TurnInput> = {}): Promise<{ readonly status: string; readonly output: TurnOutput }> {
    const agent = { kind: AGENT_KIND, version: 1, run: (ctx, input) => this.answer(ctx, input) } as ProgramDefinition;
    await this.harness.worker({}, { programs: [turnProgram(this.ports) as ProgramDefinition, agent] });
    const input = { group_id: 'g', turn_id: 't', message_id: 'm', ...more };
    const id = await this.harness.create(TURN_KIND, { input: JSON.stringify(input) });
    const { status, output } = await this.harness.ended(id, 5_000);
    return { status, output: JSON.parse(output ?? 'null') as TurnOutput };
  }

  private readonly answer: ProgramDefinition['run'] = async (ctx, input) => {
    const { name } = (input as { agent: { name: string } }).agent;
    const output = await ctx.step('llm:1', () => this.answers[name]?.() ?? Promise.resolve(''));
    return { output, session_id: null };
  };
}

let room: Room;
afterEach(() => room.harness.close());

describe('turn program', () => {
  it('joins those who speak side by side, and ends when the Orchestrator has answered', async () => {
    room = new Room({ Ada: async () => 'a', Bob: async () => 'b', Orchestrator: async () => 'done' });
    expect(await room.run()).toEqual({
      status: 'completed',
      output: { turn_id: 't', reason: 'no_command', rounds: 2 },
    });
    expect(room.saved.map(([alias]) => alias).toSorted()).toEqual(['Ada', 'Bob', 'Orchestrator']);
    expect(room.saved.at(-1)?.[0]).toBe('Orchestrator');
    expect(room.rounds).toEqual([1, 2, 3]);
  });

  it('does not ask anew who begins, where that was settled with the message', async () => {
    room = new Room({ Ada: async () => 'a', Orchestrator: async () => 'done' });
    expect((await room.run({ opening: room.opening('Ada') })).output).toMatchObject({
      reason: 'no_command',
      rounds: 2,
    });
    expect(room.saved.map(([alias]) => alias)).toEqual(['Ada', 'Orchestrator']);
    expect(room.rounds).toEqual([2, 3]);
  });

  it('goes on without those who fail, hang, or are not to be had', async () => {
    const hanging = () => new Promise<string>(() => undefined);
    room = new Room({ Bob: hanging, Orchestrator: async () => 'so be it' });
    expect((await room.run()).output).toMatchObject({ reason: 'no_command', rounds: 2 });
    expect(Object.fromEntries(room.saved)).toMatchObject({
      Ada: { failure: { code: 'AGENT_NOT_FOUND' } },
      Bob: { failure: { code: 'RUN_TIMED_OUT' } },
      Orchestrator: { text: 'so be it' },
    });
  });

  it('never goes beyond its rounds', async () => {
    const forth = async () => '@[Bob] you';
    room = new Room({ Ada: forth, Orchestrator: forth, Bob: async () => '@[Ada] no, you' });
    expect((await room.run()).output).toEqual({ turn_id: 't', reason: 'turn_limit', rounds: 5 });
  });

  it('keeps nothing of a turn that was ended by somebody', async () => {
    room = new Room({
      Ada: async () => 'a',
      Bob: async () => {
        room.isStopped = true;
        return 'b';
      },
    });
    expect((await room.run()).output).toMatchObject({ reason: 'stopped' });
    expect(room.saved.map(([alias]) => alias)).not.toContain('Bob');
  });
});
