import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { Idempotency } from '../../common/idempotency/idempotency.js';
import { newId } from '../../common/ids/id.js';
import { type Page, readPage } from '../../common/paging/page.js';
import { ExecutionService } from '../execution/execution.service.js';
import { AccessPolicy } from '../projects/access-policy.js';
import { User } from '../users/entities/user.entity.js';
import { writersAfter } from '../users/written-texts.js';
import { GroupAccess } from './access/group-access.js';
import { type GroupDto, memberData, toGroupResponse } from './dto/group-response.dto.js';
import type { AgentPartDto } from './dto/agent-part.dto.js';
import { toAvailability } from './dto/availability.dto.js';
import type { CreateGroupDto, ListGroupsDto, UpdateGroupDto } from './dto/save-group.dto.js';
import { DEFAULT_MAX_ROUNDS, Group } from './entities/group.entity.js';
import { DEFAULT_SETTINGS, GroupMember, UNHEARD } from './entities/group-member.entity.js';
import { GroupStreams } from './group-streams.js';
import { TurnsService } from './messages/turns.service.js';
import { configure, membersOf } from './members/group-members.service.js';
import { MemberChecks } from './members/member-checks.service.js';
import { mergeSettings } from './members/member-settings.js';
import { firstWriters, writersOfMember } from './members/member-writers.js';
import { aliasFor, ORCHESTRATOR } from './routing/aliases.js';
import { aliasKey } from './routing/mentions.js';
import { lookSoonIn } from './triggers/trigger-rows.js';

/** Groups as a user sees them: those of others are not there. */
@Injectable()
export class GroupsService {
  constructor(
    private readonly database: DataSource,
    private readonly access: GroupAccess,
    private readonly policy: AccessPolicy,
    private readonly checks: MemberChecks,
    private readonly streams: GroupStreams,
    private readonly turns: TurnsService,
    private readonly execution: ExecutionService,
    private readonly idempotency: Idempotency,
  ) {}

  async create(ownerId: string, dto: CreateGroupDto): Promise<GroupDto> {
    const projectId = dto.project_id?.toLowerCase() ?? null;
    if (projectId !== null) await this.policy.assertMayIn(ownerId, 'write', projectId);
    const group = { id: newId(), ownerId, projectId };
    const orchestrator = memberRow(group.id, {
      kind: 'agent',
      alias: ORCHESTRATOR,
      isOrchestrator: true,
      settings: mergeSettings(DEFAULT_SETTINGS, dto.orchestrator ?? {}),
    });
    orchestrator.writtenBy = firstWriters(ownerId, undefined, orchestrator);
    await this.checks.assertRunnable(ownerId, group, orchestrator, '/orchestrator');
    const columns = columnsOf(DEFAULTS, dto);
    const writtenBy = writersAfter(ownerId, { ...DEFAULTS, writtenBy: {} }, { name: columns.name });
    return this.database.transaction(async (manager) => {
      const saved = await manager.save(
        manager.create(Group, { ...group, ...columns, writtenBy, lastSeq: 0, awayUntil: null }),
      );
      const owner = await this.ownerMember(manager, saved);
      await manager.save([orchestrator, owner]);
      return this.answer(manager, saved, [orchestrator, owner]);
    });
  }

  /** Those that the user is in, and those of the user's projects. */
  async list(userId: string, { project_id: projectId, ...page }: ListGroupsDto): Promise<Page<GroupDto>> {
    const query = this.access.readable(userId);
    if (projectId !== undefined) query.andWhere('room.projectId = :projectId', { projectId });
    const groups = await readPage(query, page, (group) => group);
    const order = { createdAt: 'ASC', id: 'ASC' } as const;
    const where = { groupId: In(groups.items.map(({ id }) => id)) };
    const members = Map.groupBy(await this.database.manager.find(GroupMember, { where, order }), (m) => m.groupId);
    return { ...groups, items: groups.items.map((group) => toGroupResponse(group, members.get(group.id) ?? [])) };
  }

  /** @throws {GroupNotFoundError} */
  async get(userId: string, id: string): Promise<GroupDto> {
    const group = await this.access.get(userId, id, 'read');
    return toGroupResponse(group, await membersOf(this.database.manager, group.id));
  }

  /** What the DTO leaves out stays as it is. A turn under way takes it up when it is next asked who speaks. */
  async update(userId: string, id: string, { orchestrator: part, ...dto }: UpdateGroupDto): Promise<GroupDto> {
    if (part) await this.assertRunnable(userId, await this.access.get(userId, id, 'manage'), part);
    return this.database.transaction(async (manager) => {
      const group = await this.access.lock(manager, userId, id, 'manage');
      const members = await membersOf(manager, group.id);
      const orchestrator = members.find(({ isOrchestrator }) => isOrchestrator);
      if (part && orchestrator) await this.configure(manager, group, orchestrator, part, userId);
      const columns = columnsOf(group, dto);
      const writtenBy = writersAfter(userId, group, { name: columns.name });
      const saved = await manager.save(Object.assign(group, columns, { writtenBy }));
      await lookSoonIn(manager, group.id);
      return toGroupResponse(saved, members);
    });
  }

  /** With it go its turns: the one under way, and those in line. */
  async remove(userId: string, id: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const group = await this.access.lock(manager, userId, id, 'manage');
      const { turns } = await this.turns.openIn(manager, group.id);
      await manager.delete(Group, { id: group.id });
      for (const { runId } of turns) await this.execution.cancelIn(manager, runId, 'The group was deleted');
    });
  }

  /** Before the transaction: it asks over connections of its own, which those who hold one must not wait for. */
  private async assertRunnable(userId: string, group: Group, part: AgentPartDto): Promise<void> {
    const { manager } = this.database;
    const orchestrator = await manager.findOneByOrFail(GroupMember, { groupId: group.id, isOrchestrator: true });
    const settings = mergeSettings(orchestrator.settings, part);
    await this.checks.assertRunnable(userId, group, Object.assign(orchestrator, { settings }), '/orchestrator');
  }

  private async configure(
    manager: EntityManager,
    group: Group,
    orchestrator: GroupMember,
    part: AgentPartDto,
    userId: string,
  ): Promise<void> {
    const { alias, settings, writtenBy } = orchestrator;
    configure(orchestrator, part, group);
    orchestrator.writtenBy = writersOfMember(userId, { alias, settings, writtenBy }, orchestrator);
    await manager.save(orchestrator);
    const data = { group_id: group.id, member: memberData(orchestrator) };
    await this.streams.appendIn(manager, group, [{ type: 'group.member.changed', data }]);
  }

  private async ownerMember(manager: EntityManager, { id, ownerId }: Group): Promise<GroupMember> {
    const { username } = await manager.findOneByOrFail(User, { id: ownerId });
    const alias = aliasFor(username, new Set());
    return memberRow(id, { kind: 'user', alias, userId: ownerId, role: 'owner', isOrchestrator: false });
  }

  private async answer(manager: EntityManager, group: Group, members: readonly GroupMember[]): Promise<GroupDto> {
    const response = toGroupResponse(group, members);
    await this.idempotency.answerIn(manager, response);
    const added = members.map((member) => ({
      type: 'group.member.added',
      data: { group_id: group.id, member: memberData(member) },
    }));
    await this.streams.appendIn(manager, group, added);
    return response;
  }
}

const DEFAULTS = {
  name: 'Untitled group',
  policy: 'orchestrated',
  maxRounds: DEFAULT_MAX_ROUNDS,
  aiMode: 'on',
  availability: null,
} as const satisfies Partial<Group>;

type Columns = Pick<Group, 'name' | 'policy' | 'maxRounds' | 'aiMode' | 'availability'>;

function columnsOf(before: Columns, dto: UpdateGroupDto): Columns {
  return {
    name: dto.name ?? before.name,
    policy: dto.policy ?? before.policy,
    maxRounds: dto.max_rounds ?? before.maxRounds,
    aiMode: dto.ai_mode ?? before.aiMode,
    availability:
      dto.availability === undefined ? before.availability : dto.availability && toAvailability(dto.availability),
  };
}

function memberRow(
  groupId: string,
  fields: Pick<GroupMember, 'kind' | 'alias' | 'isOrchestrator'> & Partial<GroupMember>,
): GroupMember {
  const none = { userId: null, role: null, agentId: null, settings: DEFAULT_SETTINGS, writtenBy: {}, ...UNHEARD };
  const row = { id: newId(), groupId, ...none, ...fields, aliasKey: aliasKey(fields.alias) };
  return Object.assign(new GroupMember(), row);
}
