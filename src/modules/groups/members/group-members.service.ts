import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { Idempotency } from '../../../common/idempotency/idempotency.js';
import { newId } from '../../../common/ids/id.js';
import { User } from '../../users/entities/user.entity.js';
import { StreamAccess } from '../../streams/stream-access.js';
import { UserNotFoundError } from '../../users/users.errors.js';
import { GroupAccess } from '../access/group-access.js';
import type { AgentPartDto } from '../dto/agent-part.dto.js';
import { memberData, toMemberResponse } from '../dto/group-response.dto.js';
import type { AddMemberDto, GroupMemberDto, UpdateMemberDto } from '../dto/save-member.dto.js';
import type { Group } from '../entities/group.entity.js';
import { DEFAULT_SETTINGS, GroupMember, UNHEARD } from '../entities/group-member.entity.js';
import { GroupStreams } from '../group-streams.js';
import {
  AliasReservedError,
  AliasTakenError,
  AlreadyInGroupError,
  GroupFullError,
  GroupMemberNotFoundError,
  GroupOwnerFixedError,
  OrchestratorFixedError,
} from '../groups.errors.js';
import { aliasFor, isReserved } from '../routing/aliases.js';
import { aliasKey } from '../routing/mentions.js';
import { type AgentPart, MemberChecks } from './member-checks.service.js';
import { mergeSettings } from './member-settings.js';
import { firstWriters, writersOfMember } from './member-writers.js';

const MAX_MEMBERS = 100;

/** Who is in a group. Changes take turns by the lock of the group's row. */
@Injectable()
export class GroupMembersService {
  constructor(
    private readonly database: DataSource,
    private readonly access: GroupAccess,
    private readonly checks: MemberChecks,
    private readonly streams: GroupStreams,
    private readonly readers: StreamAccess,
    private readonly idempotency: Idempotency,
  ) {}

  async add(userId: string, groupId: string, dto: AddMemberDto): Promise<GroupMemberDto> {
    const group = await this.access.get(userId, groupId, 'manage');
    await this.assertRunnable(userId, group, { ...NEW_AGENT, kind: kindOf(dto) }, dto);
    return this.change(userId, groupId, async (manager, group, members) => {
      if (members.length >= MAX_MEMBERS) throw new GroupFullError(MAX_MEMBERS);
      const member = await this.newMember(manager, group, members, dto);
      member.writtenBy = firstWriters(userId, dto.alias, member);
      await manager.save(member);
      await this.idempotency.answerIn(manager, toMemberResponse(member));
      await this.tell(manager, group, 'added', member);
      return toMemberResponse(member);
    });
  }

  async update(userId: string, groupId: string, memberId: string, dto: UpdateMemberDto): Promise<GroupMemberDto> {
    const group = await this.access.get(userId, groupId, 'manage');
    const member = find(await membersOf(this.database.manager, group.id), memberId);
    await this.assertRunnable(userId, group, member, dto);
    const [saved, before] = await this.change(userId, groupId, async (manager, group, members) => {
      const found = find(members, memberId);
      const { alias, settings, writtenBy, role } = found;
      assertMayChange(group, found, dto);
      if (dto.alias !== undefined && !found.isOrchestrator) rename(found, dto.alias, members);
      configure(found, dto, group);
      if (dto.agent_id !== undefined) found.agentId = dto.agent_id?.toLowerCase() ?? null;
      if (dto.role !== undefined && found.kind === 'user') found.role = dto.role;
      found.writtenBy = writersOfMember(userId, { alias, settings, writtenBy }, found);
      await manager.save(GroupMember, found);
      await this.tell(manager, group, 'changed', found);
      return [found, role] as const;
    });
    if (saved.userId !== null && saved.role !== before) this.readers.changed(saved.userId);
    return toMemberResponse(saved);
  }

  async remove(userId: string, groupId: string, memberId: string): Promise<void> {
    const { userId: removed } = await this.change(userId, groupId, async (manager, group, members) => {
      const member = find(members, memberId);
      if (member.isOrchestrator) throw new OrchestratorFixedError();
      if (member.userId === group.ownerId) throw new GroupOwnerFixedError();
      await manager.delete(GroupMember, { id: member.id });
      await this.tell(manager, group, 'removed', member);
      return member;
    });
    if (removed !== null) this.readers.changed(removed);
  }

  /** Before the transaction: it asks over connections of its own, which those who hold one must not wait for. */
  private async assertRunnable(userId: string, group: Group, before: AgentPart, dto: UpdateMemberDto): Promise<void> {
    const agentId = dto.agent_id === undefined ? before.agentId : (dto.agent_id?.toLowerCase() ?? null);
    const settings = mergeSettings(before.settings, dto);
    await this.checks.assertRunnable(userId, group, { ...before, agentId, settings });
  }

  private change<T>(
    userId: string,
    groupId: string,
    work: (manager: EntityManager, group: Group, members: GroupMember[]) => Promise<T>,
  ): Promise<T> {
    return this.database.transaction(async (manager) => {
      const group = await this.access.lock(manager, userId, groupId, 'manage');
      return work(manager, group, await membersOf(manager, groupId));
    });
  }

  private async newMember(
    manager: EntityManager,
    group: Group,
    members: readonly GroupMember[],
    dto: AddMemberDto,
  ): Promise<GroupMember> {
    const kind = kindOf(dto);
    const own = { id: newId(), groupId: group.id, kind, isOrchestrator: false, ...UNHEARD, triggerFrom: group.lastSeq };
    const base = { ...own, settings: DEFAULT_SETTINGS, createdAt: new Date(), updatedAt: new Date() };
    if (kind === 'agent') {
      const alias = this.freeAlias(dto.alias, members);
      const agent = { agentId: dto.agent_id?.toLowerCase() ?? null, settings: mergeSettings(DEFAULT_SETTINGS, dto) };
      return manager.create(GroupMember, { ...base, ...alias, ...agent, userId: null, role: null });
    }
    const user = await person(manager, dto.user_id?.toLowerCase(), members);
    const alias = dto.alias ?? aliasFor(user.username, new Set(members.map((member) => member.aliasKey)));
    return manager.create(GroupMember, {
      ...base,
      ...this.freeAlias(alias, members),
      userId: user.id,
      role: dto.role ?? 'member',
      agentId: null,
    });
  }

  private freeAlias(alias: string | undefined, members: readonly GroupMember[]) {
    if (alias === undefined) {
      throw new InvalidInputError([{ path: '/alias', code: 'REQUIRED', message: 'an agent needs an alias' }]);
    }
    assertFree(alias, members);
    return { alias: alias.trim(), aliasKey: aliasKey(alias) };
  }

  private tell(manager: EntityManager, group: Group, change: 'added' | 'changed' | 'removed', member: GroupMember) {
    const data = { group_id: group.id, member: memberData(member) };
    return this.streams.appendIn(manager, group, [{ type: `group.member.${change}`, data }]);
  }
}

const NEW_AGENT: Omit<AgentPart, 'kind'> = { alias: 'Agent', agentId: null, settings: DEFAULT_SETTINGS };

function kindOf(dto: AddMemberDto): GroupMember['kind'] {
  return dto.kind ?? (dto.user_id === undefined ? 'agent' : 'user');
}

/** In the order in which they joined. */
export function membersOf(manager: EntityManager, groupId: string): Promise<GroupMember[]> {
  return manager.find(GroupMember, { where: { groupId }, order: { createdAt: 'ASC', id: 'ASC' } });
}

function find(members: readonly GroupMember[], id: string): GroupMember {
  const found = members.find((member) => member.id === id.toLowerCase());
  if (!found) throw new GroupMemberNotFoundError(id);
  return found;
}

function assertMayChange(group: Group, member: GroupMember, dto: UpdateMemberDto): void {
  const isRenamed = dto.alias !== undefined && aliasKey(dto.alias) !== member.aliasKey;
  if (member.isOrchestrator && (isRenamed || (dto.agent_id ?? null) !== null)) throw new OrchestratorFixedError();
  if (member.userId === group.ownerId && (dto.role ?? 'owner') !== 'owner') throw new GroupOwnerFixedError();
}

/** Triggers that are new count what comes from now on. */
export function configure(member: GroupMember, dto: AgentPartDto, { lastSeq }: Group): void {
  if (member.kind === 'user') return;
  const hadTriggers = (member.settings.triggers ?? null) !== null;
  member.settings = mergeSettings(member.settings, dto);
  if (!hadTriggers) member.triggerFrom = lastSeq;
  member.triggerLookAt = member.settings.triggers ? new Date() : null;
}

function rename(member: GroupMember, alias: string, members: readonly GroupMember[]): void {
  assertFree(
    alias,
    members.filter(({ id }) => id !== member.id),
  );
  Object.assign(member, { alias: alias.trim(), aliasKey: aliasKey(alias) });
}

function assertFree(alias: string, members: readonly GroupMember[]): void {
  if (isReserved(alias)) throw new AliasReservedError(alias);
  if (members.some((member) => member.aliasKey === aliasKey(alias))) throw new AliasTakenError(alias);
}

/** Locked, so that the account is still there at the commit. */
async function person(
  manager: EntityManager,
  userId: string | undefined,
  members: readonly GroupMember[],
): Promise<User> {
  if (userId === undefined) {
    throw new InvalidInputError([{ path: '/user_id', code: 'REQUIRED', message: 'says which person it is' }]);
  }
  const query = manager.createQueryBuilder(User, 'u').where('u.id = :userId', { userId });
  const user = await query.setLock('pessimistic_read').getOne();
  if (!user) throw new UserNotFoundError(userId);
  if (members.some((member) => member.userId === user.id)) throw new AlreadyInGroupError(user.id);
  return user;
}
