import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { User } from '../../users/entities/user.entity.js';
import type { PersonalRecords } from '../../users/personal-records.js';
import { StoredRecords } from '../../users/stored-records.js';
import type { Writers } from '../../users/written-texts.js';
import { memberData } from '../dto/group-response.dto.js';
import { Group } from '../entities/group.entity.js';
import { GroupMember } from '../entities/group-member.entity.js';
import { GroupStreams } from '../group-streams.js';
import { membersOf } from '../members/group-members.service.js';
import { aliasFor } from '../routing/aliases.js';
import { aliasKey } from '../routing/mentions.js';
import { aliasesGivenBy, NAMINGS, replaceAliases } from './given-aliases.js';

const OWN_NAME = `g.written_by->>'name' = $1::uuid::text`;
const OWN_ALIAS = `m.written_by->>'alias' = $1::uuid::text`;
const OWN_PROMPT = `m.written_by->>'role_prompt' = $1::uuid::text`;
const WRITTEN_IN = `g.owner_id <> $1::uuid AND (${OWN_NAME} OR EXISTS (SELECT 1 FROM group_members m
  WHERE m.group_id = g.id AND (${OWN_ALIAS} OR ${OWN_PROMPT})))`;
const ROOMS = `SELECT g.id FROM groups g WHERE (${WRITTEN_IN}) OR g.id = ANY ($2::uuid[]) ORDER BY g.id FOR UPDATE`;
const EXPORT = `SELECT g.id AS group_id, CASE WHEN ${OWN_NAME} THEN g.name END AS name,
    (SELECT json_agg(json_build_object('id', m.id, 'alias', CASE WHEN ${OWN_ALIAS} THEN m.alias END,
        'role_prompt', CASE WHEN ${OWN_PROMPT} THEN m.settings->>'role_prompt' END) ORDER BY m.id)
      FROM group_members m WHERE m.group_id = g.id AND (${OWN_ALIAS} OR ${OWN_PROMPT})) AS members
  FROM groups g WHERE ${WRITTEN_IN} ORDER BY g.id`;
const FORGET_NAMINGS = `UPDATE event_logs SET payload = '{"erased":true}' WHERE (stream, seq) IN (SELECT e.stream, e.seq ${NAMINGS})`;
const FORGET_SUMMARIES = `UPDATE group_members SET summary = NULL, summarized_to = 0 WHERE group_id = ANY ($1::uuid[])`;

/** Of somebody who is no longer there, as of a person whose data are erased. */
const NOBODY = 'erased';

/** What a person wrote into groups of others: their names, aliases and role prompts of members. */
@Injectable()
export class PersonalRoomTexts implements PersonalRecords {
  private readonly stored: StoredRecords;

  constructor(
    database: DataSource,
    private readonly streams: GroupStreams,
  ) {
    this.stored = new StoredRecords(database, { select: EXPORT, erase: [] });
  }

  exportOf(userId: string): AsyncIterable<object> {
    return this.stored.exportOf(userId);
  }

  /** Groups are locked as for any other change of them. Whatever was said under a given alias stays, under another. */
  async eraseOf(userId: string, manager: EntityManager): Promise<number> {
    const given = await aliasesGivenBy(manager, userId);
    const rooms = await manager.query<{ id: string }[]>(ROOMS, [userId, given.map(({ groupId }) => groupId)]);
    const aliases = new Map<string, string>();
    for (const { id } of rooms) {
      for (const member of await this.clear(manager, id, userId)) aliases.set(member.id, member.alias);
    }
    await replaceAliases(manager, given, (memberId) => aliases.get(memberId) ?? NOBODY);
    await manager.query(FORGET_NAMINGS, [userId]);
    await manager.query(FORGET_SUMMARIES, [given.map(({ groupId }) => groupId)]);
    return rooms.length;
  }

  /** Answers the members as they are afterwards. */
  private async clear(manager: EntityManager, groupId: string, userId: string): Promise<readonly GroupMember[]> {
    const group = await manager.findOneByOrFail(Group, { id: groupId });
    const members = await membersOf(manager, groupId);
    const usernames = await usernamesOf(manager, members);
    if (group.writtenBy['name'] === userId) group.name = 'Untitled group';
    const changed = members.filter(({ writtenBy }) => Object.values(writtenBy).includes(userId));
    for (const member of changed) clearMember(member, userId, members, usernames.get(member.userId ?? ''));
    await manager.save([Object.assign(group, { writtenBy: without(group.writtenBy, userId) }), ...changed]);
    const told = changed.map((member) => ({ group_id: groupId, member: memberData(member) }));
    await this.streams.appendIn(
      manager,
      group,
      told.map((data) => ({ type: 'group.member.changed', data })),
    );
    return members;
  }
}

function clearMember(member: GroupMember, userId: string, members: readonly GroupMember[], username = 'Agent'): void {
  if (member.writtenBy['alias'] === userId) {
    const taken = new Set(members.filter(({ id }) => id !== member.id).map((other) => other.aliasKey));
    member.alias = aliasFor(username, taken);
    member.aliasKey = aliasKey(member.alias);
  }
  if (member.writtenBy['role_prompt'] === userId) member.settings = { ...member.settings, role_prompt: '' };
  member.writtenBy = without(member.writtenBy, userId);
}

function without(writers: Writers, userId: string): Writers {
  return Object.fromEntries(Object.entries(writers).filter(([, writer]) => writer !== userId));
}

async function usernamesOf(
  manager: EntityManager,
  members: readonly GroupMember[],
): Promise<ReadonlyMap<string, string>> {
  const ids = members.flatMap(({ userId }) => userId ?? []);
  const users = await manager.find(User, { where: { id: In(ids) }, select: { id: true, username: true } });
  return new Map(users.map(({ id, username }) => [id, username]));
}
