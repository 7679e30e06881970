import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { decodeCursor } from '../../../common/paging/cursor.js';
import { type Page, toPage } from '../../../common/paging/page.js';
import type { PageQueryDto } from '../../../common/paging/page-query.dto.js';
import { AgentVersionNotFoundError } from '../agents.errors.js';
import {
  type AgentDiffDto,
  type AgentVersionResponseDto,
  MAX_VERSION,
  toVersionResponse,
} from '../dto/agent-version.dto.js';
import { definitionIn } from '../entities/agent.entity.js';
import { AgentVersion } from '../entities/agent-version.entity.js';
import { AgentFinder } from './agent-finder.service.js';
import { diffDefinitions } from './diff-definitions.js';

/** What agents were at their versions, for those who may read them. */
@Injectable()
export class AgentVersionsService {
  constructor(
    @InjectRepository(AgentVersion) private readonly versions: Repository<AgentVersion>,
    private readonly agents: AgentFinder,
  ) {}

  /** @throws {AgentNotFoundError} @throws {AgentVersionNotFoundError} */
  async get(userId: string, agentId: string, version: number): Promise<AgentVersion> {
    await this.agents.get(userId, agentId);
    const isVersion = version >= 1 && version <= MAX_VERSION;
    const found = isVersion && (await this.versions.findOneBy({ agentId, version }));
    if (!found) throw new AgentVersionNotFoundError(agentId, version);
    return found;
  }

  /** Newest first. @throws {AgentNotFoundError} */
  async list(userId: string, agentId: string, { limit, cursor }: PageQueryDto): Promise<Page<AgentVersionResponseDto>> {
    await this.agents.get(userId, agentId);
    const query = this.versions.createQueryBuilder('v').where('v.agentId = :agentId', { agentId });
    if (cursor !== undefined) query.andWhere('v.version < :before', { before: versionIn(cursor) });
    const rows = await query
      .orderBy('v.version', 'DESC')
      .limit(limit + 1)
      .getMany();
    return toPage(rows.map(withCursor), limit, ({ row }) => toVersionResponse(row));
  }

  /** What became other from `against`, by default the version before, to `version`. */
  async diff(userId: string, agentId: string, version: number, against?: number): Promise<AgentDiffDto> {
    const after = await this.get(userId, agentId, version);
    const before = against === undefined ? await this.before(after) : await this.get(userId, agentId, against);
    const changes = diffDefinitions(definitionIn(before), definitionIn(after));
    return { from: before.version, to: after.version, changes };
  }

  /** The first has none before it: it is shown against itself. Between others some may have been erased. */
  private async before(after: AgentVersion): Promise<AgentVersion> {
    const { agentId, version } = after;
    const where = { agentId, version: LessThan(version) };
    return (await this.versions.findOne({ where, order: { version: 'DESC' } })) ?? after;
  }
}

/** Versions have no id; the cursor carries the number in the place of the time, since it is what they are ordered by. */
function withCursor(row: AgentVersion) {
  return { row, id: row.agentId, createdAt: new Date(row.version) };
}

function versionIn(cursor: string): number {
  return Math.min(decodeCursor(cursor).createdAt.getTime(), MAX_VERSION);
}
