import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { memberOf } from '../../projects/access-policy.js';
import type { ToolScope } from '../tool.js';
import { PromotedToolVersion } from './entities/promoted-tool-version.entity.js';
import type { PromotedManifest } from './promoted-manifest.js';

/** A version that is in force. */
export interface VersionInForce {
  readonly toolId: string;
  readonly version: number;
  readonly manifest: PromotedManifest;
}

interface Row extends PromotedManifest {
  readonly toolId: string;
  readonly version: number;
}

/** The project's before the caller's own. Runs stay with whoever started them; what the project has does not. */
const IN_FORCE = `SELECT t.id AS "toolId", t.version, t.name,
    v.description, v.input_schema AS "inputSchema", v.output_schema AS "outputSchema", v.permissions,
    v.timeout_seconds AS "timeoutSeconds", v.side_effects AS "sideEffects", v.approval, v.solution_id AS "solutionId"
  FROM promoted_tools t JOIN promoted_tool_versions v ON v.tool_id = t.id AND v.version = t.version
  WHERE ((t.owner_id = $1 AND t.project_id IS NULL) OR (t.project_id = $2 AND ${memberOf('t.project_id', '$1')}))
    AND ($3::text IS NULL OR t.name = $3)
  ORDER BY t.name, t.project_id NULLS LAST`;

/** What is in force now: asked of the database for each look, so that every process sees a rollback at once. */
@Injectable()
export class PromotedVersions {
  constructor(private readonly database: DataSource) {}

  /** One of each name. */
  async inForce({ ownerId, projectId }: ToolScope, name: string | null = null): Promise<readonly VersionInForce[]> {
    const rows = await this.database.query<Row[]>(IN_FORCE, [ownerId, projectId, name]);
    const first = new Map(rows.toReversed().map((row) => [row.name, row]));
    return [...first.values()].map(({ toolId, version, ...manifest }) => ({ toolId, version, manifest }));
  }

  /** With its code and examples; undefined when it is gone. */
  find(
    toolId: string,
    version: number,
    manager: EntityManager = this.database.manager,
  ): Promise<PromotedToolVersion | null> {
    const query = manager
      .createQueryBuilder(PromotedToolVersion, 'version')
      .addSelect(['version.code', 'version.examples']);
    return query.where('version.toolId = :toolId AND version.version = :version', { toolId, version }).getOne();
  }
}
