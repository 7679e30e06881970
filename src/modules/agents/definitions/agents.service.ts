import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, type QueryDeepPartialEntity, Repository } from 'typeorm';
import { Idempotency } from '../../../common/idempotency/idempotency.js';
import { newId } from '../../../common/ids/id.js';
import { type Page, readPage } from '../../../common/paging/page.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { AgentNotFoundError } from '../agents.errors.js';
import { type AgentResponseDto, toAgentResponse } from '../dto/agent-response.dto.js';
import { type ListAgentsDto, type SaveAgentDto } from '../dto/save-agent.dto.js';
import { AgentVersion } from '../entities/agent-version.entity.js';
import { Agent, columnsOf, definitionIn } from '../entities/agent.entity.js';
import { type AgentDefinition, DEFAULT_DEFINITION, definitionOf } from './agent-definition.js';
import { AgentFinder } from './agent-finder.service.js';
import { DefinitionChecks } from './definition-checks.service.js';
import { mergeDefinition } from './merge-definition.js';

/** An agent somebody may run, as those see it who look for one. */
export interface RunnableAgent {
  readonly id: string;
  readonly projectId: string | null;
  readonly name: string;
  readonly description: string;
}

const RUNNABLE = `agent.projectId IS NULL OR EXISTS (SELECT 1 FROM project_members r
  WHERE r.project_id = agent.projectId AND r.user_id = :readerId AND r.role <> 'viewer')`;

/** Lists for models have to end somewhere. */
const MAX_RUNNABLE = 500;

/** Agents as a user sees them: those of others are not there. Each change makes a version; creation is version 1. */
@Injectable()
export class AgentsService {
  constructor(
    @InjectRepository(Agent) private readonly agents: Repository<Agent>,
    private readonly finder: AgentFinder,
    private readonly checks: DefinitionChecks,
    private readonly policy: AccessPolicy,
    private readonly idempotency: Idempotency,
  ) {}

  async create(ownerId: string, dto: SaveAgentDto): Promise<Agent> {
    const projectId = dto.project_id?.toLowerCase() ?? null;
    if (projectId !== null) await this.policy.assertMayIn(ownerId, 'write', projectId);
    const definition = mergeDefinition(DEFAULT_DEFINITION, dto);
    await this.checks.assertRunnable(definition, { ownerId, projectId });
    return this.agents.manager.transaction(async (manager) => {
      const row = { id: newId(), ownerId, projectId, version: 1, ...columnsOf(definition) };
      const saved = await saveWithVersion(manager, manager.create(Agent, row), ownerId);
      await this.idempotency.answerIn(manager, toAgentResponse(saved));
      return saved;
    });
  }

  /** The user's own, and those of the user's projects. */
  list(userId: string, { project_id: projectId, ...page }: ListAgentsDto): Promise<Page<AgentResponseDto>> {
    const query = this.finder.readable(userId);
    if (projectId !== undefined) query.andWhere('agent.projectId = :projectId', { projectId });
    return readPage(query, page, toAgentResponse);
  }

  /** The newest that the user may run, by name; nothing of their definitions is read. */
  async listRunnable(userId: string): Promise<RunnableAgent[]> {
    const query = this.finder.readable(userId).andWhere(`(${RUNNABLE})`);
    query.select(['agent.id', 'agent.projectId', 'agent.name', 'agent.description']);
    const newest = await query.orderBy('agent.id', 'DESC').limit(MAX_RUNNABLE).getMany();
    const rows = newest.toSorted((a, b) => a.name.localeCompare(b.name));
    return rows.map(({ id, projectId, name, description }) => ({ id, projectId, name, description }));
  }

  /** @throws {AgentNotFoundError} when it is absent, or another's */
  get(userId: string, id: string): Promise<Agent> {
    return this.finder.get(userId, id);
  }

  /** @throws {NotAllowedError} when the user may read it only */
  async getToRun(userId: string, id: string): Promise<Agent> {
    const agent = await this.get(userId, id);
    await this.policy.assertMay(userId, 'run', agent);
    return agent;
  }

  /** What the DTO leaves out stays as it is. */
  update(userId: string, id: string, dto: SaveAgentDto): Promise<Agent> {
    return this.change(userId, id, (before) => mergeDefinition(before, dto), dto.project_id);
  }

  /** Puts an earlier state in place of the present one, as a version of its own. */
  restore(userId: string, version: AgentVersion): Promise<Agent> {
    return this.change(userId, version.agentId, () => definitionIn(version), undefined, version.authorId);
  }

  async remove(userId: string, id: string): Promise<void> {
    await this.policy.assertMay(userId, 'remove', await this.get(userId, id));
    const { affected } = await this.agents.delete({ id });
    if (!affected) throw new AgentNotFoundError(id);
  }

  /** The row lock makes changes at the same time take turns, so that no version is lost or doubled. */
  private async change(
    userId: string,
    id: string,
    after: (before: AgentDefinition) => AgentDefinition,
    projectId: string | null | undefined,
    authorId: string | null = userId,
  ): Promise<Agent> {
    const place = projectId?.toLowerCase() ?? projectId;
    await this.assertRunnableAfter(userId, id, after, place);
    return this.agents.manager.transaction(async (manager) => {
      const query = this.finder.readable(userId, manager).andWhere('agent.id = :id', { id });
      const agent = await query.setLock('pessimistic_write').getOne();
      if (!agent) throw new AgentNotFoundError(id);
      await this.policy.assertMay(userId, 'write', agent, manager);
      const before = definitionOf(definitionIn(agent));
      const definition = definitionOf(after(before));
      const isMoved = await this.move(manager, agent, userId, place);
      if (JSON.stringify(definition) === JSON.stringify(before)) return isMoved ? manager.save(agent) : agent;
      const changes = { ...columnsOf(definition), version: agent.version + 1 };
      return saveWithVersion(manager, Object.assign(agent, changes), authorId);
    });
  }

  /** Before the transaction: it asks over connections of its own, which those who hold one must not wait for. */
  private async assertRunnableAfter(
    userId: string,
    id: string,
    after: (before: AgentDefinition) => AgentDefinition,
    projectId: string | null | undefined,
  ): Promise<void> {
    const agent = await this.get(userId, id);
    await this.policy.assertMay(userId, 'write', agent);
    await this.move(this.agents.manager, agent, userId, projectId);
    await this.checks.assertRunnable(definitionOf(after(definitionOf(definitionIn(agent)))), agent);
  }

  /** Whoever takes an agent out of a project has it. */
  private async move(
    manager: EntityManager,
    agent: Agent,
    userId: string,
    projectId: string | null | undefined,
  ): Promise<boolean> {
    if (projectId === undefined || projectId === agent.projectId) return false;
    await this.policy.assertMay(userId, 'remove', agent, manager);
    if (projectId !== null) await this.policy.assertMayIn(userId, 'write', projectId, manager);
    Object.assign(agent, { projectId, ownerId: userId });
    return true;
  }
}

async function saveWithVersion(manager: EntityManager, agent: Agent, authorId: string | null): Promise<Agent> {
  const saved = await manager.save(agent);
  const version = { agentId: saved.id, version: saved.version, authorId, ...columnsOf(definitionIn(saved)) };
  // TypeORM's type of what may be inserted goes into every part of a JSON column; this one is whole.
  await manager.insert(AgentVersion, version as QueryDeepPartialEntity<AgentVersion>);
  return saved;
}
