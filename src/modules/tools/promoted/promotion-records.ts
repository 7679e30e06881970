import { Injectable } from '@nestjs/common';
import { type EntityManager, IsNull } from 'typeorm';
import { Idempotency } from '../../../common/idempotency/idempotency.js';
import { newId } from '../../../common/ids/id.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { type ToolResponseDto, toToolResponse } from '../dto/tool-response.dto.js';
import type { ToolScope } from '../tool.js';
import { PromotedTool } from './entities/promoted-tool.entity.js';
import { PromotedToolVersion } from './entities/promoted-tool-version.entity.js';
import { TooManyPromotedToolsError } from './promoted.errors.js';
import { type ToolDraft, toManifest } from './promoted-manifest.js';

const MAX_TOOLS = 200;
/** Of one tool; the oldest go. */
const MAX_VERSIONS = 50;

/** Promoted tools as they are stored. */
@Injectable()
export class PromotionRecords {
  constructor(
    private readonly audit: AuditTrail,
    private readonly idempotency: Idempotency,
  ) {}

  async storeIn(manager: EntityManager, scope: ToolScope, draft: ToolDraft): Promise<ToolResponseDto> {
    const tool = await this.lockedIn(manager, scope, draft.name);
    const version = tool.latestVersion + 1;
    await this.addVersionIn(manager, { toolId: tool.id, version, authorId: scope.ownerId }, draft);
    await manager.update(PromotedTool, { id: tool.id }, { version, latestVersion: version });
    const details = { name: draft.name, version, permissions: draft.permissions };
    const target = { type: 'promoted_tool', id: tool.id };
    await this.audit.done(manager, { action: 'tool.promoted', target, details });
    const answer = toToolResponse({ manifest: toManifest(draft, version) });
    await this.idempotency.answerIn(manager, answer);
    return answer;
  }

  /** Two promotions at once come one after the other. */
  private async lockedIn(manager: EntityManager, scope: ToolScope, name: string): Promise<PromotedTool> {
    const own = { id: newId(), ownerId: scope.ownerId, projectId: scope.projectId, name, version: 0, latestVersion: 0 };
    const insert = manager.createQueryBuilder().insert().into(PromotedTool).values(own).orIgnore();
    await insert.updateEntity(false).execute();
    const where = { ...placeOf(scope), name };
    const tool = await manager.findOneOrFail(PromotedTool, { where, lock: { mode: 'pessimistic_write' } });
    const isNew = tool.latestVersion === 0;
    if (isNew && (await manager.countBy(PromotedTool, placeOf(scope))) > MAX_TOOLS) {
      throw new TooManyPromotedToolsError(MAX_TOOLS);
    }
    return tool;
  }

  private async addVersionIn(
    manager: EntityManager,
    key: Pick<PromotedToolVersion, 'toolId' | 'version' | 'authorId'>,
    draft: ToolDraft,
  ): Promise<void> {
    await manager.save(Object.assign(new PromotedToolVersion(), draft, key));
    const old = manager.createQueryBuilder().delete().from(PromotedToolVersion);
    const { toolId, version } = key;
    await old.where('tool_id = :toolId AND version <= :last', { toolId, last: version - MAX_VERSIONS }).execute();
  }
}

/** Whose tools those of a scope are: the project's, or else the person's own. */
export function placeOf({ ownerId, projectId }: ToolScope) {
  return projectId === null ? { ownerId, projectId: IsNull() } : { projectId };
}
