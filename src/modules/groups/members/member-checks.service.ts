import { Injectable } from '@nestjs/common';
import { AgentsService } from '../../agents/definitions/agents.service.js';
import { DefinitionChecks } from '../../agents/definitions/definition-checks.service.js';
import { definitionIn } from '../../agents/entities/agent.entity.js';
import type { AgentRunInput } from '../../agents/program/agent-run.js';
import { modelWishes } from '../../agents/prompt/model-wishes.js';
import { ModelCallsService } from '../../providers/model-calls.service.js';
import type { Group } from '../entities/group.entity.js';
import type { GroupMember } from '../entities/group-member.entity.js';
import { definitionOfMember } from './member-settings.js';

type Scope = Pick<Group, 'ownerId' | 'projectId'>;
export type AgentPart = Pick<GroupMember, 'kind' | 'alias' | 'agentId' | 'settings'>;

/** An agent as a run is given it. */
export type PinnedAgent = Pick<AgentRunInput, 'agent' | 'agent_id' | 'agent_version'>;

/** Members of kind agent as agents, at work in the name of the group's owner. */
@Injectable()
export class MemberChecks {
  constructor(
    private readonly agents: AgentsService,
    private readonly checks: DefinitionChecks,
    private readonly models: ModelCallsService,
  ) {}

  /**
   * When a member is saved.
   *
   * @throws {AgentNotFoundError} when whoever saves it, or the group's owner, may not run the agent
   * @throws {InvalidInputError} with what is wrong with the rest
   */
  async assertRunnable(userId: string, group: Scope, member: AgentPart, path = ''): Promise<void> {
    if (member.kind === 'user') return;
    if (member.agentId !== null) await this.agents.getToRun(userId, member.agentId);
    const { agent } = await this.pin(member, group);
    await this.checks.assertRunnable(agent, group, path);
    await this.models.assertUsable(modelWishes(agent), group);
  }

  /** As it is now. */
  async pin({ alias, agentId, settings }: Omit<AgentPart, 'kind'>, { ownerId }: Scope): Promise<PinnedAgent> {
    if (agentId === null) return { agent: definitionOfMember(alias, settings) };
    const stored = await this.agents.getToRun(ownerId, agentId);
    const agent = definitionOfMember(alias, settings, definitionIn(stored));
    return { agent, agent_id: stored.id, agent_version: stored.version };
  }
}
