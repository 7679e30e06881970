import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, type QueryDeepPartialEntity, Repository, type SelectQueryBuilder } from 'typeorm';
import { Idempotency } from '../../common/idempotency/idempotency.js';
import { newId } from '../../common/ids/id.js';
import { type Page, readPage } from '../../common/paging/page.js';
import { AccessPolicy, type Owned } from '../projects/access-policy.js';
import { type FlowSummaryDto, toFlowResponse, toFlowSummary } from './dto/flow-response.dto.js';
import { type ListFlowsDto, providerIdOf, SaveFlowDto } from './dto/save-flow.dto.js';
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

/** Flows as a user sees them: those of others are not there. Each change makes a version; creation is version 1. */
@Injectable()
export class FlowsService {
  constructor(
    @InjectRepository(Flow) private readonly flows: Repository<Flow>,
    private readonly graphs: GraphReader,
    private readonly policy: AccessPolicy,
    private readonly images: ImageIntake,
    private readonly idempotency: Idempotency,
  ) {}

  async create(ownerId: string, dto: SaveFlowDto): Promise<Flow> {
    const projectId = dto.project_id?.toLowerCase() ?? null;
    if (projectId !== null) await this.policy.assertMayIn(ownerId, 'write', projectId);
    const content = this.merge(EMPTY, await this.withKeptImages({ ownerId, projectId }, dto));
    return this.flows.manager.transaction(async (manager) => {
      const flow = manager.create(Flow, { id: newId(), ownerId, projectId, version: 1, ...content });
      const saved = await saveWithVersion(manager, flow, ownerId);
      await this.idempotency.answerIn(manager, toFlowResponse(saved));
      return saved;
    });
  }

  /** The user's own, and those of the user's projects. */
  list(userId: string, { project_id: projectId, ...page }: ListFlowsDto): Promise<Page<FlowSummaryDto>> {
    const columns = SUMMARY_COLUMNS.map((name) => `flow.${name}`);
    const query = this.policy.narrow(this.flows.createQueryBuilder('flow').select(columns), userId);
    if (projectId !== undefined) query.andWhere('flow.projectId = :projectId', { projectId });
    return readPage(query, page, toFlowSummary);
  }

  /** @throws {FlowNotFoundError} when it is absent, or another's */
  async get(userId: string, id: string): Promise<Flow> {
    const flow = await this.readable(this.flows.manager, userId, id).getOne();
    if (!flow) throw new FlowNotFoundError(id);
    return flow;
  }

  /** @throws {NotAllowedError} when the user may read it only */
  async getToRun(userId: string, id: string): Promise<Flow> {
    const flow = await this.get(userId, id);
    await this.policy.assertMay(userId, 'run', flow);
    return flow;
  }

  /** What the DTO leaves out gets its default. */
  async replace(userId: string, id: string, dto: SaveFlowDto): Promise<Flow> {
    const kept = dto.nodes ? await this.withKeptImages(await this.scopeAfter(userId, id, dto), dto) : dto;
    return this.change(userId, id, () => this.merge(EMPTY, kept), dto);
  }

  /** What the DTO leaves out stays as it is. */
  async update(userId: string, id: string, dto: SaveFlowDto): Promise<Flow> {
    const kept = dto.nodes ? await this.withKeptImages(await this.scopeAfter(userId, id, dto), dto) : dto;
    return this.change(userId, id, (flow) => this.merge(contentOf(flow), kept), dto);
  }

  /** Puts an earlier state in place of the present one, as a version of its own. */
  restore(userId: string, { flowId, authorId, ...content }: FlowVersion): Promise<Flow> {
    return this.change(userId, flowId, () => contentOf(content), {}, authorId);
  }

  async remove(userId: string, id: string): Promise<void> {
    await this.policy.assertMay(userId, 'remove', await this.get(userId, id));
    const { affected } = await this.flows.delete({ id });
    if (!affected) throw new FlowNotFoundError(id);
  }

  /** Where a flow will be once it is changed; images that come with it are to be there too. */
  private async scopeAfter(ownerId: string, id: string, { project_id: projectId }: SaveFlowDto): Promise<Owned> {
    const flow = await this.get(ownerId, id);
    await this.policy.assertMay(ownerId, 'write', flow);
    if (projectId === undefined) return { ownerId, projectId: flow.projectId };
    if (projectId !== null) await this.policy.assertMayIn(ownerId, 'write', projectId.toLowerCase());
    return { ownerId, projectId: projectId?.toLowerCase() ?? null };
  }

  private async withKeptImages(scope: Owned, dto: SaveFlowDto): Promise<SaveFlowDto> {
    if (!dto.nodes) return dto;
    const { nodes } = this.graphs.read({ nodes: dto.nodes, edges: dto.edges });
    return Object.assign(new SaveFlowDto(), dto, { nodes: await this.images.keepInNodes(scope, nodes) });
  }

  /** The row lock makes changes at the same time take turns, so that no version is lost or doubled. */
  private change(
    userId: string,
    id: string,
    contentAfter: (flow: Flow) => FlowContent,
    { project_id: projectId }: SaveFlowDto,
    authorId: string | null = userId,
  ): Promise<Flow> {
    return this.flows.manager.transaction(async (manager) => {
      const flow = await this.readable(manager, userId, id).setLock('pessimistic_write').getOne();
      if (!flow) throw new FlowNotFoundError(id);
      await this.policy.assertMay(userId, 'write', flow, manager);
      const content = contentAfter(flow);
      const isMoved = await this.move(manager, flow, userId, projectId?.toLowerCase() ?? projectId);
      if (JSON.stringify(content) === JSON.stringify(contentOf(flow))) return isMoved ? manager.save(flow) : flow;
      return saveWithVersion(manager, Object.assign(flow, content, { version: flow.version + 1 }), authorId);
    });
  }

  /** Whoever takes a flow out of a project has it. */
  private async move(
    manager: EntityManager,
    flow: Flow,
    userId: string,
    projectId: string | null | undefined,
  ): Promise<boolean> {
    if (projectId === undefined || projectId === flow.projectId) return false;
    await this.policy.assertMay(userId, 'remove', flow, manager);
    if (projectId !== null) await this.policy.assertMayIn(userId, 'write', projectId, manager);
    Object.assign(flow, { projectId, ownerId: userId });
    return true;
  }

  private readable(manager: EntityManager, userId: string, id: string): SelectQueryBuilder<Flow> {
    const query = manager.createQueryBuilder(Flow, 'flow').where('flow.id = :id', { id });
    return this.policy.narrow(query, userId);
  }

  private merge(before: FlowContent, dto: SaveFlowDto): FlowContent {
    const { nodes = before.nodes, edges = before.edges } = dto;
    const graph = this.graphs.read({ nodes, edges });
    const providerId = providerIdOf(dto);
    return {
      name: dto.name ?? before.name,
      description: dto.description ?? before.description,
      nodes: graph.nodes,
      edges: graph.edges,
      viewport: dto.viewport === undefined ? before.viewport : viewportOf(dto.viewport),
      providerId: providerId === undefined ? before.providerId : providerId || null,
    };
  }
}

function contentOf({ name, description, nodes, edges, viewport, providerId }: FlowContent): FlowContent {
  return { name, description, nodes, edges, viewport, providerId };
}

function viewportOf(viewport: Viewport | null): Viewport | null {
  return viewport && { x: viewport.x, y: viewport.y, zoom: viewport.zoom };
}

async function saveWithVersion(manager: EntityManager, flow: Flow, authorId: string | null): Promise<Flow> {
  const saved = await manager.save(flow);
  const version = { flowId: saved.id, version: saved.version, authorId, ...contentOf(saved) };
  // TypeORM's type of what may be inserted goes into every part of a JSON column; this one is whole.
  await manager.insert(FlowVersion, version as QueryDeepPartialEntity<FlowVersion>);
  return saved;
}
