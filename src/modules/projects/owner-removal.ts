import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UserRemovals } from '../users/user-removals.js';
import { ProjectContents } from './project-contents.js';
import { LastOwnerError } from './projects.errors.js';

// Locked first, as every change of members does.
const LOCK_ALL = `SELECT p.id FROM projects p JOIN project_members m ON m.project_id = p.id
  WHERE m.user_id = $1 ORDER BY p.id FOR UPDATE OF p`;
const DELETE_ALONE = `DELETE FROM projects p USING project_members mine
  WHERE mine.project_id = p.id AND mine.user_id = $1
    AND NOT EXISTS (SELECT 1 FROM project_members o WHERE o.project_id = p.id AND o.user_id <> $1)`;
const LEFT_WITHOUT_OWNER = `SELECT 1 FROM project_members mine
  WHERE mine.user_id = $1 AND mine.role = 'owner' AND NOT EXISTS (
    SELECT 1 FROM project_members o WHERE o.project_id = mine.project_id AND o.user_id <> $1 AND o.role = 'owner')
  AND EXISTS (SELECT 1 FROM project_members o WHERE o.project_id = mine.project_id AND o.user_id <> $1)
  LIMIT 1`;

/** Projects of a user who goes: those of nobody else go too, those of others must keep an owner, and what is in them. */
@Injectable()
export class OwnerRemoval implements OnModuleInit {
  constructor(
    private readonly removals: UserRemovals,
    private readonly contents: ProjectContents,
  ) {}

  onModuleInit(): void {
    this.removals.beforehand((manager, userId) => this.assertMayLeave(manager, userId));
    this.removals.register((manager, userId) => this.leaveIn(manager, userId));
  }

  /** @throws {LastOwnerError} */
  private async leaveIn(manager: EntityManager, userId: string): Promise<void> {
    await manager.query(LOCK_ALL, [userId]);
    await manager.query(DELETE_ALONE, [userId]);
    await this.assertMayLeave(manager, userId);
    await this.contents.handOverIn(manager, userId);
  }

  /** @throws {LastOwnerError} */
  private async assertMayLeave(manager: EntityManager, userId: string): Promise<void> {
    const orphaned = await manager.query<unknown[]>(LEFT_WITHOUT_OWNER, [userId]);
    if (orphaned.length > 0) throw new LastOwnerError();
  }
}
