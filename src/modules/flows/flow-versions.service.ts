import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { decodeCursor } from '../../common/paging/cursor.js';
import { type Page, toPage } from '../../common/paging/page.js';
import type { PageQueryDto } from '../../common/paging/page-query.dto.js';
import { AccessPolicy } from '../projects/access-policy.js';
import { type FlowVersionSummaryDto, toVersionSummary } from './dto/flow-version.dto.js';
import { Flow } from './entities/flow.entity.js';
import { FlowVersion } from './entities/flow-version.entity.js';
import { FlowNotFoundError, FlowVersionNotFoundError } from './flows.errors.js';

/** What an integer column holds. */
const MAX_VERSION = 2 ** 31 - 1;
const SUMMARY_COLUMNS = ['flowId', 'version', 'createdAt', 'name', 'description', 'providerId'];

/** What flows were at their versions, for those who may read them. */
@Injectable()
export class FlowVersionsService {
  constructor(
    @InjectRepository(Flow) private readonly flows: Repository<Flow>,
    @InjectRepository(FlowVersion) private readonly versions: Repository<FlowVersion>,
    private readonly policy: AccessPolicy,
  ) {}

  async findFlow(userId: string, flowId: string): Promise<Flow | undefined> {
    const query = this.flows.createQueryBuilder('flow').where('flow.id = :flowId', { flowId });
    return (await this.policy.narrow(query, userId).getOne()) ?? undefined;
  }

  /** @param version default: the newest */
  async find(userId: string, flowId: string, version?: number): Promise<FlowVersion | undefined> {
    const flow = await this.findFlow(userId, flowId);
    if (!flow || (version !== undefined && !isVersion(version))) return undefined;
    const found = await this.versions.findOneBy({ flowId, version: version ?? flow.version });
    return found ?? undefined;
  }

  /** @throws {FlowNotFoundError} @throws {FlowVersionNotFoundError} */
  async get(userId: string, flowId: string, version?: number): Promise<FlowVersion> {
    const found = await this.find(userId, flowId, version);
    if (found) return found;
    if (!(await this.findFlow(userId, flowId))) throw new FlowNotFoundError(flowId);
    throw new FlowVersionNotFoundError(flowId, version);
  }

  /** Newest first, without their graphs. @throws {FlowNotFoundError} */
  async list(userId: string, flowId: string, { limit, cursor }: PageQueryDto): Promise<Page<FlowVersionSummaryDto>> {
    if (!(await this.findFlow(userId, flowId))) throw new FlowNotFoundError(flowId);
    const query = this.versions.createQueryBuilder('v').select(SUMMARY_COLUMNS.map((name) => `v.${name}`));
    query.where('v.flowId = :flowId', { flowId });
    if (cursor !== undefined) query.andWhere('v.version < :before', { before: versionIn(cursor) });
    const rows = await query
      .orderBy('v.version', 'DESC')
      .limit(limit + 1)
      .getMany();
    return toPage(rows.map(withCursor), limit, ({ row }) => toVersionSummary(row));
  }
}

/** Versions have no id; the cursor carries the number in the place of the time, since it is what they are ordered by. */
function withCursor(row: FlowVersion) {
  return { row, id: row.flowId, createdAt: new Date(row.version) };
}

function versionIn(cursor: string): number {
  return Math.min(decodeCursor(cursor).createdAt.getTime(), MAX_VERSION);
}

function isVersion(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= MAX_VERSION;
}
