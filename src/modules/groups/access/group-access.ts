import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type SelectQueryBuilder } from 'typeorm';
import { memberOf } from '../../projects/access-policy.js';
import { NotAllowedError } from '../../projects/projects.errors.js';
import { type Action, ALL, type Permissions, permissionsOf, type ProjectRole } from '../../projects/roles.js';
import { Group } from '../entities/group.entity.js';
import type { GroupRole } from '../entities/group-member.entity.js';
import { GroupNotFoundError } from '../groups.errors.js';

const OF_ROLE: Readonly<Record<GroupRole, Permissions>> = {
  owner: ALL,
  member: new Set<Action>(['read', 'run']),
  viewer: new Set<Action>(['read']),
};
/** Nothing for those who may not even see it. */
const ROLES = `SELECT m.role AS own, p.role AS "inProject", g.project_id IS NOT NULL AS "isInProject", g.owner_id = $2 AS "isOwn"
  FROM groups g LEFT JOIN group_members m ON m.group_id = g.id AND m.user_id = $2
  LEFT JOIN project_members p ON p.project_id = g.project_id AND p.user_id = $2
  WHERE g.id = $1 AND (m.id IS NOT NULL OR p.user_id IS NOT NULL)`;
const IN_GROUP = 'EXISTS (SELECT 1 FROM group_members p WHERE p.group_id = room.id AND p.user_id = :readerId)';

/** Who may do what with a group: its own people, and the members of its project. */
@Injectable()
export class GroupAccess {
  constructor(private readonly database: DataSource) {}

  async mayRead(userId: string, groupId: string): Promise<boolean> {
    return await this.readable(userId).andWhere('room.id = :groupId', { groupId }).getExists();
  }

  /** @throws {GroupNotFoundError} when it is absent, or the user's not to see @throws {NotAllowedError} */
  async get(userId: string, groupId: string, action: Action): Promise<Group> {
    const { manager } = this.database;
    await this.assertMay(manager, userId, groupId, action);
    return present(await manager.findOneBy(Group, { id: groupId }), groupId);
  }

  /**
   * All who write to a group take turns by the lock of its row. It is asked for before, so that others cannot make the
   * members wait, and again when the turn has come.
   *
   * @throws {GroupNotFoundError} @throws {NotAllowedError}
   */
  async lock(manager: EntityManager, userId: string, groupId: string, action: Action): Promise<Group> {
    await this.assertMay(manager, userId, groupId, action);
    const query = manager.createQueryBuilder(Group, 'room').where('room.id = :groupId', { groupId });
    // Sent together; the database carries them out one after the other.
    const [group] = await Promise.all([
      query.setLock('pessimistic_write').getOne(),
      this.assertMay(manager, userId, groupId, action),
    ]);
    return present(group, groupId);
  }

  /** The groups that the user may see, under the name `room`. */
  readable(userId: string, manager: EntityManager = this.database.manager): SelectQueryBuilder<Group> {
    const inProject = memberOf('room.projectId', ':readerId');
    return manager.createQueryBuilder(Group, 'room').where(`(${IN_GROUP} OR ${inProject})`, { readerId: userId });
  }

  private async assertMay(manager: EntityManager, userId: string, groupId: string, action: Action): Promise<void> {
    const [roles] = await manager.query<Roles[]>(ROLES, [groupId, userId]);
    if (!roles) throw new GroupNotFoundError(groupId);
    if (!permissionsBy(roles).has(action)) throw new NotAllowedError(action);
  }
}

interface Roles {
  readonly own: GroupRole | null;
  readonly inProject: ProjectRole | null;
  readonly isInProject: boolean;
  readonly isOwn: boolean;
}

function permissionsBy({ own, inProject, isInProject, isOwn }: Roles): Permissions {
  const ofProject = isInProject ? permissionsOf(inProject ?? undefined, isOwn) : [];
  return new Set([...(own ? OF_ROLE[own] : []), ...ofProject]);
}

function present(group: Group | null, groupId: string): Group {
  if (!group) throw new GroupNotFoundError(groupId);
  return group;
}
