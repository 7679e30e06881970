import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail } from '../../audit/audit-trail.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { ToolNotFoundError } from '../tools.errors.js';
import type { ToolScope } from '../tool.js';
import { PromotedTool } from './entities/promoted-tool.entity.js';
import { PromotedToolVersion } from './entities/promoted-tool-version.entity.js';
import { MAX_VERSION } from './promoted-manifest.js';
import { ToolVersionNotFoundError } from './promoted.errors.js';
import { PromotedVersions } from './promoted-versions.js';
import { placeOf } from './promotion-records.js';

export interface ShownVersion {
  readonly tool: PromotedTool;
  readonly version: PromotedToolVersion;
}

/** The versions of promoted tools: of a project's by its editors, of one's own by oneself. */
@Injectable()
export class PromotedTools {
  constructor(
    private readonly database: DataSource,
    private readonly policy: AccessPolicy,
    private readonly versions: PromotedVersions,
    private readonly audit: AuditTrail,
  ) {}

  /** The newest first. @throws {ProjectNotFoundError} @throws {ToolNotFoundError} */
  async list(scope: ToolScope, name: string): Promise<readonly ShownVersion[]> {
    const tool = await this.find(scope, name);
    const order = { version: 'DESC' } as const;
    const versions = await this.database.manager.find(PromotedToolVersion, { where: { toolId: tool.id }, order });
    return versions.map((version) => ({ tool, version }));
  }

  /** With code and examples. @throws {ToolVersionNotFoundError} */
  async get(scope: ToolScope, name: string, number: number): Promise<ShownVersion> {
    const tool = await this.find(scope, name);
    return { tool, version: await this.versionIn(this.database.manager, tool, number) };
  }

  /** Puts a version in force: for the next call in every process. */
  async rollBack(scope: ToolScope, name: string, number: number): Promise<ShownVersion> {
    const tool = await this.find(scope, name);
    await this.policy.assertMay(scope.ownerId, 'write', tool);
    return this.database.transaction(async (manager) => {
      await manager.findOne(PromotedTool, { where: { id: tool.id }, lock: { mode: 'pessimistic_write' } });
      const version = await this.versionIn(manager, tool, number);
      await manager.update(PromotedTool, { id: tool.id }, { version: number });
      const details = { name, version: number, before: tool.version };
      await this.audit.done(manager, { action: 'tool.rolled_back', target: targetOf(tool), details });
      return { tool: Object.assign(tool, { version: number }), version };
    });
  }

  async remove(scope: ToolScope, name: string): Promise<void> {
    const tool = await this.find(scope, name);
    await this.policy.assertMay(scope.ownerId, 'remove', tool);
    await this.database.transaction(async (manager) => {
      const { affected } = await manager.delete(PromotedTool, { id: tool.id });
      if (!affected) throw new ToolNotFoundError(name);
      await this.audit.done(manager, { action: 'tool.removed', target: targetOf(tool), details: { name } });
    });
  }

  private async find(scope: ToolScope, name: string): Promise<PromotedTool> {
    if (scope.projectId !== null) await this.policy.assertMayIn(scope.ownerId, 'read', scope.projectId);
    const tool = await this.database.manager.findOneBy(PromotedTool, { ...placeOf(scope), name });
    if (!tool) throw new ToolNotFoundError(name);
    return tool;
  }

  private async versionIn(manager: EntityManager, tool: PromotedTool, number: number): Promise<PromotedToolVersion> {
    const version = number <= MAX_VERSION ? await this.versions.find(tool.id, number, manager) : null;
    if (!version) throw new ToolVersionNotFoundError(tool.name, number);
    return version;
  }
}

function targetOf({ id }: PromotedTool): { readonly type: string; readonly id: string } {
  return { type: 'promoted_tool', id };
}
