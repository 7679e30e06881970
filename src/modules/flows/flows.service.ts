import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, type QueryDeepPartialEntity, Repository } from 'typeorm';
import { Idempotency } from '../../common/idempotency/idempotency.js';
import { newId } from '../../common/ids/id.js';
import { type Page, readPage } from '../../common/paging/page.js';
import type { PageQueryDto } from '../../common/paging/page-query.dto.js';
import { type FlowSummaryDto, toFlowResponse, toFlowSummary } from './dto/flow-response.dto.js';
import type { SaveFlowDto } from './dto/save-flow.dto.js';
import { Flow, type Viewport } from './entities/flow.entity.js';
import { FlowVersion } from './entities/flow-version.entity.js';
import { FlowNotFoundError } from './flows.errors.js';
import { GraphReader } from './graph-reader.js';
import { ImageIntake } from './plan/image-intake.service.js';

type FlowContent = Pick<Flow, 'name' | 'description' | 'nodes' | 'edges' | 'viewport' | 'providerId'>;

const EMPTY: FlowContent = {
  name: 'Untitled flow',
  description: '',
  nodes: [],
  edges: [],
  viewport: null,
  providerId: null,
};
const SUMMARY_COLUMNS = ['id', 'name', 'description', 'projectId', 'providerId', 'version', 'createdAt', 'updatedAt'];

/** A user's flows. Each change makes a version; creation is version 1. */
@Injectable()
export class FlowsService {
  constructor(
    @InjectRepository(Flow) private readonly flows: Repository<Flow>,
    private readonly graphs: GraphReader,
    private readonly images: ImageIntake,
    private readonly idempotency: Idempotency,
  ) {}

  async create(ownerId: string, dto: SaveFlowDto): Promise<Flow> {
    const content = this.merge(EMPTY, await this.withKeptImages(ownerId, dto));
    return this.flows.manager.transaction(async (manager) => {
      const flow = manager.create(Flow, { id: newId(), ownerId, projectId: null, version: 1, ...content });
      const saved = await saveWithVersion(manager, flow);
      await this.idempotency.answerIn(manager, toFlowResponse(saved));
      return saved;
    });
  }

  list(ownerId: string, page: PageQueryDto): Promise<Page<FlowSummaryDto>> {
    const columns = SUMMARY_COLUMNS.map((name) => `flow.${name}`);
    const query = this.flows.createQueryBuilder('flow').select(columns).where('flow.ownerId = :ownerId', { ownerId });
    return readPage(query, page, toFlowSummary);
  }

  /** @throws {FlowNotFoundError} when it is absent, or another's */
  async get(ownerId: string, id: string): Promise<Flow> {
    const flow = await this.flows.findOneBy({ id, ownerId });
    if (!flow) throw new FlowNotFoundError(id);
    return flow;
  }

  /** What the DTO leaves out gets its default. */
  async replace(ownerId: string, id: string, dto: SaveFlowDto): Promise<Flow> {
    const kept = await this.withKeptImages(ownerId, dto);
    return this.change(ownerId, id, () => this.merge(EMPTY, kept));
  }

  /** What the DTO leaves out stays as it is. */
  async update(ownerId: string, id: string, dto: SaveFlowDto): Promise<Flow> {
    const kept = await this.withKeptImages(ownerId, dto);
    return this.change(ownerId, id, (flow) => this.merge(contentOf(flow), kept));
  }

  /** Puts an earlier state in place of the present one, as a version of its own. */
  restore(ownerId: string, { flowId, ...content }: FlowVersion): Promise<Flow> {
    return this.change(ownerId, flowId, () => contentOf(content));
  }

  async remove(ownerId: string, id: string): Promise<void> {
    const { affected } = await this.flows.delete({ id, ownerId });
    if (!affected) throw new FlowNotFoundError(id);
  }

  private async withKeptImages(ownerId: string, dto: SaveFlowDto): Promise<SaveFlowDto> {
    if (!dto.nodes) return dto;
    const { nodes } = this.graphs.read({ nodes: dto.nodes, edges: dto.edges });
    return { ...dto, nodes: await this.images.keepInNodes(ownerId, nodes) };
  }

  /** The row lock makes changes at the same time take turns, so that no version is lost or doubled. */
  private change(ownerId: string, id: string, contentAfter: (flow: Flow) => FlowContent): Promise<Flow> {
    return this.flows.manager.transaction(async (manager) => {
      const flow = await manager.findOne(Flow, { where: { id, ownerId }, lock: { mode: 'pessimistic_write' } });
      if (!flow) throw new FlowNotFoundError(id);
      const content = contentAfter(flow);
      if (JSON.stringify(content) === JSON.stringify(contentOf(flow))) return flow;
      return saveWithVersion(manager, Object.assign(flow, content, { version: flow.version + 1 }));
    });
  }

  private merge(before: FlowContent, dto: SaveFlowDto): FlowContent {
    const { nodes = before.nodes, edges = before.edges } = dto;
    const graph = this.graphs.read({ nodes, edges });
    return {
      name: dto.name ?? before.name,
      description: dto.description ?? before.description,
      nodes: graph.nodes,
      edges: graph.edges,
      viewport: dto.viewport === undefined ? before.viewport : viewportOf(dto.viewport),
      providerId: dto.provider_id === undefined ? before.providerId : dto.provider_id || null,
    };
  }
}

function contentOf({ name, description, nodes, edges, viewport, providerId }: FlowContent): FlowContent {
  return { name, description, nodes, edges, viewport, providerId };
}

function viewportOf(viewport: Viewport | null): Viewport | null {
  return viewport && { x: viewport.x, y: viewport.y, zoom: viewport.zoom };
}

async function saveWithVersion(manager: EntityManager, flow: Flow): Promise<Flow> {
  const saved = await manager.save(flow);
  const version = { flowId: saved.id, version: saved.version, ...contentOf(saved) };
  // TypeORM's type of what may be inserted goes into every part of a JSON column; this one is whole.
  await manager.insert(FlowVersion, version as QueryDeepPartialEntity<FlowVersion>);
  return saved;
}
