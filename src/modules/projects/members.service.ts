import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { decodeCursor } from '../../common/paging/cursor.js';
import { type Page, toPage } from '../../common/paging/page.js';
import type { PageQueryDto } from '../../common/paging/page-query.dto.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { UserNotFoundError } from '../users/users.errors.js';
import { AccessPolicy } from './access-policy.js';
import type { MemberResponseDto } from './dto/member.dto.js';
import { ProjectMember } from './entities/project-member.entity.js';
import { ProjectStreams } from './project-streams.js';
import { LastOwnerError, MemberNotFoundError } from './projects.errors.js';
import { lockProject } from './projects.service.js';
import type { ProjectRole } from './roles.js';

interface Row {
  readonly id: string;
  readonly username: string;
  readonly role: ProjectRole;
  readonly createdAt: Date;
}

const MEMBERS = `SELECT m.user_id AS id, u.username, m.role, m.created_at AS "createdAt"
  FROM project_members m JOIN users u ON u.id = m.user_id WHERE m.project_id = $1`;
const GET = `${MEMBERS} AND m.user_id = $2`;
const LIST = `${MEMBERS} AND ($2::timestamptz IS NULL OR (m.created_at, m.user_id) > ($2, $3::uuid))
  ORDER BY m.created_at, m.user_id LIMIT $4`;
const OTHER_OWNERS = `SELECT 1 FROM project_members WHERE project_id = $1 AND role = 'owner' AND user_id <> $2 LIMIT 1`;

/** Who belongs to a project. */
@Injectable()
export class MembersService {
  constructor(
    private readonly database: DataSource,
    private readonly policy: AccessPolicy,
    private readonly streams: ProjectStreams,
    private readonly audit: AuditTrail,
  ) {}

  async list(readerId: string, projectId: string, { limit, cursor }: PageQueryDto): Promise<Page<MemberResponseDto>> {
    await this.policy.assertMayIn(readerId, 'read', projectId);
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const values = [projectId, after?.createdAt ?? null, after?.id ?? null, limit + 1];
    return toPage(await this.database.query<Row[]>(LIST, values), limit, toResponse);
  }

  /** Owners see everybody, members themselves. */
  async get(readerId: string, projectId: string, userId: string): Promise<MemberResponseDto> {
    const action = readerId === userId ? 'read' : 'manage';
    await this.policy.assertMayIn(readerId, action, projectId);
    return this.getIn(this.database.manager, projectId, userId);
  }

  /** Adds a member, or gives one another role. */
  async put(ownerId: string, projectId: string, userId: string, role: ProjectRole): Promise<MemberResponseDto> {
    const member = await this.change(ownerId, projectId, async (manager) => {
      await assertUser(manager, userId);
      if (role !== 'owner') await this.assertOwnerBeside(manager, projectId, userId);
      await manager.upsert(ProjectMember, { projectId, userId, role }, ['projectId', 'userId']);
      await this.auditIn(manager, 'member.put', projectId, { user_id: userId, role });
      return this.getIn(manager, projectId, userId);
    });
    this.streams.accessChanged([userId]);
    return member;
  }

  async remove(ownerId: string, projectId: string, userId: string): Promise<void> {
    await this.change(ownerId, projectId, async (manager) => {
      await this.assertOwnerBeside(manager, projectId, userId);
      const { affected } = await manager.delete(ProjectMember, { projectId, userId });
      if (!affected) throw new MemberNotFoundError(userId);
      await this.auditIn(manager, 'member.removed', projectId, { user_id: userId });
    });
    this.streams.accessChanged([userId]);
  }

  /** Under the project's lock: two owners who remove each other at once leave one. */
  private change<T>(ownerId: string, projectId: string, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.transaction(async (manager) => {
      // Before the lock too: others cannot make the members wait.
      await this.policy.assertMayIn(ownerId, 'manage', projectId, manager);
      await lockProject(manager, projectId);
      await this.policy.assertMayIn(ownerId, 'manage', projectId, manager);
      return work(manager);
    });
  }

  private auditIn(manager: EntityManager, action: string, projectId: string, details: Record<string, unknown>) {
    return this.audit.done(manager, { action, target: { type: 'project', id: projectId }, details });
  }

  private async assertOwnerBeside(manager: EntityManager, projectId: string, userId: string): Promise<void> {
    const others = await manager.query<unknown[]>(OTHER_OWNERS, [projectId, userId]);
    if (others.length === 0) throw new LastOwnerError();
  }

  private async getIn(manager: EntityManager, projectId: string, userId: string): Promise<MemberResponseDto> {
    const [row] = await manager.query<Row[]>(GET, [projectId, userId]);
    if (!row) throw new MemberNotFoundError(userId);
    return toResponse(row);
  }
}

/** Locked, so that the account is still there at the commit. */
async function assertUser(manager: EntityManager, userId: string): Promise<void> {
  const found = await manager.query<unknown[]>('SELECT 1 FROM users WHERE id = $1 FOR KEY SHARE', [userId]);
  if (found.length === 0) throw new UserNotFoundError(userId);
}

function toResponse({ id, username, role, createdAt }: Row): MemberResponseDto {
  return { user_id: id, username, role, created_at: createdAt.toISOString() };
}
