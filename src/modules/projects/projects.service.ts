import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { Idempotency } from '../../common/idempotency/idempotency.js';
import { newId } from '../../common/ids/id.js';
import { type Page, toPage } from '../../common/paging/page.js';
import { decodeCursor } from '../../common/paging/cursor.js';
import type { PageQueryDto } from '../../common/paging/page-query.dto.js';
import { AuditTrail } from '../audit/audit-trail.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { UserNotFoundError } from '../users/users.errors.js';
import { writersAfter } from '../users/written-texts.js';
import { AccessPolicy } from './access-policy.js';
import { type ProjectResponseDto, toProjectResponse } from './dto/project-response.dto.js';
import type { SaveProjectDto } from './dto/save-project.dto.js';
import { ProjectMember } from './entities/project-member.entity.js';
import { Project } from './entities/project.entity.js';
import { ProjectRemovals } from './project-removals.js';
import { ProjectStreams } from './project-streams.js';
import { ProjectNotFoundError } from './projects.errors.js';
import type { ProjectRole } from './roles.js';

export type ProjectContent = Pick<
  Project,
  'name' | 'description' | 'providerId' | 'model' | 'roles' | 'maxParallelTasks'
>;

const EMPTY: ProjectContent = {
  name: 'Untitled project',
  description: '',
  providerId: null,
  model: null,
  roles: {},
  maxParallelTasks: 3,
};

/** A project that is about to come into being. */
export type ProjectDraft = ProjectContent & Pick<Project, 'id' | 'prompt' | 'runId'>;

/** What begins with a project, in the transaction that creates it. */
export type ProjectBeginning = (manager: EntityManager) => Promise<unknown>;

/** Projects as their members see them: those of others are not there. */
@Injectable()
export class ProjectsService {
  constructor(
    @InjectRepository(Project) private readonly projects: Repository<Project>,
    private readonly policy: AccessPolicy,
    private readonly streams: ProjectStreams,
    private readonly removals: ProjectRemovals,
    private readonly audit: AuditTrail,
    private readonly idempotency: Idempotency,
  ) {}

  async create(userId: string, draft: ProjectDraft, begin?: ProjectBeginning): Promise<ProjectResponseDto> {
    const [created, events] = await this.projects.manager.transaction(async (manager) => {
      const [project, told] = await this.createIn(manager, userId, draft);
      const answer = toProjectResponse(project, 'owner');
      await this.idempotency.answerIn(manager, answer);
      await begin?.(manager);
      return [answer, told] as const;
    });
    this.streams.publish(events);
    return created;
  }

  /** In the caller's transaction, who publishes the events after it. */
  async createIn(manager: EntityManager, userId: string, draft: ProjectDraft) {
    const writtenBy = writersAfter(userId, { writtenBy: {} }, textsOf(draft));
    const project = manager.create(Project, { ...draft, writtenBy });
    await manager.insert(Project, project);
    await manager.insert(ProjectMember, { projectId: project.id, userId, role: 'owner' });
    return [project, await this.streams.createdIn(manager, project, userId)] as const;
  }

  async list(userId: string, { limit, cursor }: PageQueryDto): Promise<Page<ProjectResponseDto>> {
    const query = this.withRole(userId).orderBy('project.createdAt', 'DESC').addOrderBy('project.id', 'DESC');
    const before = cursor === undefined ? undefined : decodeCursor(cursor);
    if (before) query.andWhere('(project.createdAt, project.id) < (:createdAt, :id)', before);
    const { entities, raw } = await query.limit(limit + 1).getRawAndEntities<{ role: ProjectRole }>();
    const roles = new Map(entities.map(({ id }, index) => [id, raw[index]?.role ?? 'viewer']));
    return toPage(entities, limit, (project) => toProjectResponse(project, roles.get(project.id) ?? 'viewer'));
  }

  /**
   * Of oneself; operators see those of everybody.
   *
   * @throws {UserNotFoundError}
   */
  async select(viewer: AuthenticatedUser, userId: string, page: PageQueryDto): Promise<Page<ProjectResponseDto>> {
    if (viewer.realm === 'user' && viewer.id !== userId) throw new UserNotFoundError(userId);
    return this.list(userId, page);
  }

  /** @throws {ProjectNotFoundError} when it is absent, or others' */
  async get(userId: string, id: string): Promise<ProjectResponseDto> {
    const query = this.withRole(userId).andWhere('project.id = :id', { id });
    const { entities, raw } = await query.getRawAndEntities<{ role: ProjectRole }>();
    if (!entities[0] || !raw[0]) throw new ProjectNotFoundError(id);
    return toProjectResponse(entities[0], raw[0].role);
  }

  /** Who may see it is asked by the caller. @throws {ProjectNotFoundError} */
  async find(id: string): Promise<Project> {
    const project = await this.projects.findOneBy({ id });
    if (!project) throw new ProjectNotFoundError(id);
    return project;
  }

  update(userId: string, id: string, dto: SaveProjectDto): Promise<ProjectResponseDto> {
    return this.projects.manager.transaction(async (manager) => {
      const role = await this.policy.assertMayIn(userId, 'write', id, manager);
      const project = await lockProject(manager, id);
      const changes = merge(project, dto);
      const writtenBy = writersAfter(userId, project, textsOf(changes));
      return toProjectResponse(await manager.save(Object.assign(project, changes, { writtenBy })), role);
    });
  }

  /** With its flows. What is under way in it is stopped. */
  async remove(userId: string, id: string): Promise<void> {
    const [events, memberIds] = await this.projects.manager.transaction(async (manager) => {
      await this.policy.assertMayIn(userId, 'manage', id, manager);
      await lockProject(manager, id);
      const members = await manager.find(ProjectMember, { where: { projectId: id }, select: { userId: true } });
      await manager.delete(Project, { id });
      await this.audit.done(manager, { action: 'project.deleted', target: { type: 'project', id } });
      return [await this.streams.deletedIn(manager, id, userId), members.map((member) => member.userId)] as const;
    });
    this.streams.publish(events);
    this.streams.accessChanged(memberIds);
    await this.removals.removed(id);
  }

  private withRole(userId: string) {
    return this.projects
      .createQueryBuilder('project')
      .innerJoin(ProjectMember, 'member', 'member.projectId = project.id AND member.userId = :userId', { userId })
      .addSelect('member.role', 'role');
  }
}

/**
 * Changes of one project and its members take turns.
 *
 * @throws {ProjectNotFoundError}
 */
export async function lockProject(manager: EntityManager, id: string): Promise<Project> {
  const project = await manager.findOne(Project, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!project) throw new ProjectNotFoundError(id);
  return project;
}

/** With the defaults of what is not said. */
export function draftProject(dto: SaveProjectDto): ProjectDraft {
  return { id: newId(), ...merge(EMPTY, dto), prompt: null, runId: null };
}

function textsOf({ name, description, roles }: ProjectContent) {
  return { name, description, roles };
}

function merge(before: ProjectContent, dto: SaveProjectDto): ProjectContent {
  return {
    name: dto.name ?? before.name,
    description: dto.description ?? before.description,
    providerId: dto.provider_id === undefined ? before.providerId : dto.provider_id || null,
    model: dto.model === undefined ? before.model : dto.model || null,
    roles: dto.roles ?? before.roles,
    maxParallelTasks: dto.max_parallel_tasks ?? before.maxParallelTasks,
  };
}
