import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { NotAllowedError, ProjectNotFoundError } from './projects.errors.js';
import { type Action, ALL, NONE, type Permissions, permissionsOf, PROJECT_ROLES, type ProjectRole } from './roles.js';

/** What a decision is made from. Without a project a thing is its owner's alone; else the project's members share it. */
export interface Owned {
  readonly ownerId: string;
  readonly projectId: string | null;
}

const RUNNERS = PROJECT_ROLES.filter((role) => permissionsOf(role, false).has('run'));
const ROLE = 'SELECT role FROM project_members WHERE project_id = $1 AND user_id = $2';

/** Who may do what. The one place that decides: whatever a user or a project owns is asked for here. */
@Injectable()
export class AccessPolicy {
  constructor(private readonly database: DataSource) {}

  /** Of nothing at all when the user may not even see it. */
  async permissionsOn(userId: string, { ownerId, projectId }: Owned, manager?: EntityManager): Promise<Permissions> {
    const isOwn = ownerId === userId;
    if (projectId === null) return isOwn ? ALL : NONE;
    return permissionsOf(await this.roleOf(userId, projectId, manager), isOwn);
  }

  /** Runs stay with whoever started them, whatever becomes of the membership. */
  permissionsOnRun(userId: string, run: Owned): Promise<Permissions> {
    return run.ownerId === userId ? Promise.resolve(ALL) : this.permissionsOn(userId, run);
  }

  /**
   * For a thing that the user has been shown to see.
   *
   * @param manager within a transaction: whoever holds one connection must not wait for a second
   * @throws {NotAllowedError}
   */
  async assertMay(userId: string, action: Action, thing: Owned, manager?: EntityManager): Promise<void> {
    if (!(await this.permissionsOn(userId, thing, manager)).has(action)) throw new NotAllowedError(action);
  }

  /**
   * For something that is to become the project's.
   *
   * @throws {ProjectNotFoundError} @throws {NotAllowedError}
   */
  async assertMayIn(userId: string, action: Action, projectId: string, manager?: EntityManager): Promise<ProjectRole> {
    const role = await this.roleOf(userId, projectId, manager);
    if (role === undefined) throw new ProjectNotFoundError(projectId);
    if (!permissionsOf(role, false).has(action)) throw new NotAllowedError(action);
    return role;
  }

  async roleOf(
    userId: string,
    projectId: string,
    manager: EntityManager = this.database.manager,
  ): Promise<ProjectRole | undefined> {
    const [member] = await manager.query<{ role: ProjectRole }[]>(ROLE, [projectId, userId]);
    return member?.role;
  }

  /**
   * Leaves only what the user may see, so that a foreign thing costs what an absent one costs. The entity has `ownerId`
   * and `projectId`.
   */
  narrow<Row extends Owned & ObjectLiteral>(query: SelectQueryBuilder<Row>, userId: string): SelectQueryBuilder<Row> {
    return this.narrowTo(query, userId, PROJECT_ROLES);
  }

  /** As {@link narrow}, to what the user may run. */
  narrowToRunnable<Row extends Owned & ObjectLiteral>(
    query: SelectQueryBuilder<Row>,
    userId: string,
  ): SelectQueryBuilder<Row> {
    return this.narrowTo(query, userId, RUNNERS);
  }

  private narrowTo<Row extends Owned & ObjectLiteral>(
    query: SelectQueryBuilder<Row>,
    userId: string,
    roles: readonly ProjectRole[],
  ): SelectQueryBuilder<Row> {
    const { alias } = query;
    const own = `(${alias}.projectId IS NULL AND ${alias}.ownerId = :readerId)`;
    const member = memberOf(`${alias}.projectId`, ':readerId', roles);
    return query.andWhere(`(${own} OR ${member})`, { readerId: userId });
  }
}

/** SQL: whether the user is a member of the project, in one of the roles. */
export function memberOf(projectId: string, userId: string, roles: readonly ProjectRole[] = PROJECT_ROLES): string {
  const isInRole =
    roles.length < PROJECT_ROLES.length ? ` AND m.role IN (${roles.map((role) => `'${role}'`).join()})` : '';
  return `EXISTS (SELECT 1 FROM project_members m WHERE m.project_id = ${projectId} AND m.user_id = ${userId}${isInRole})`;
}
