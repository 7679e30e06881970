import { StepFailure } from '../../src/engine/index.js';
import { DEFAULT_DEFINITION } from '../../src/modules/agents/definitions/agent-definition.js';
import { DEFAULT_SETTINGS } from '../../src/modules/groups/entities/group-member.entity.js';
import type { TurnPorts } from '../../src/modules/groups/program/turn-ports.js';
import { route } from '../../src/modules/groups/routing/router.js';

const MEMBERS = ['Orchestrator', 'Ada', 'Bob', 'Cy'].map((alias) => ({
  alias,
  kind: 'agent' as const,
  is_orchestrator: alias === 'Orchestrator',
}));
const FIRST = [{ kind: 'user' as const, alias: 'Eve', text: '@[Ada] @[Bob] @[Cy] @[Zed] go' }];
/** Bob is a stored agent, Cy was one. */
const AGENT_IDS: Readonly<Record<string, string>> = {
  Bob: '01a1f93c-f8bf-706a-93e7-f09248eae7b0',
  Cy: '01a1f93c-f8bf-706a-93e7-f09248eae7c0',
};

/** The room of the recorded turns, for today's program. */
export const RECORDED_TURN: TurnPorts = {
  route: async (_, { round, messages, notes }) => {
    const asked = { round, max_rounds: 5, policy: 'orchestrated', members: MEMBERS, notes } as const;
    const decision = route({ ...asked, messages: messages ?? FIRST });
    const actors = decision.actors.map((alias) => ({
      member_id: alias,
      alias,
      is_orchestrator: alias === 'Orchestrator',
      agent_id: AGENT_IDS[alias] ?? null,
      settings: DEFAULT_SETTINGS,
      others: [],
      heard_to: round,
    }));
    return { decision, actors };
  },
  planOwn: (_, { alias }) => ({ instruction: '', agent: { ...DEFAULT_DEFINITION, name: alias } }),
  plan: async (_, { alias, agent_id: id }) => {
    if (alias === 'Cy') throw new StepFailure({ code: 'AGENT_NOT_FOUND', message: 'as recorded' });
    return { instruction: '', agent: { ...DEFAULT_DEFINITION, name: alias }, agent_id: String(id), agent_version: 1 };
  },
  save: async () => true,
  actorTimeoutMs: 60_000,
};
