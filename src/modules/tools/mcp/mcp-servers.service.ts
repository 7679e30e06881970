import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, IsNull, QueryFailedError, Repository, type SelectQueryBuilder } from 'typeorm';
import { Idempotency } from '../../../common/idempotency/idempotency.js';
import { newId } from '../../../common/ids/id.js';
import { type Page, readPage } from '../../../common/paging/page.js';
import type { PageQueryDto } from '../../../common/paging/page-query.dto.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { writersAfter } from '../../users/written-texts.js';
import { checkSettings } from './check-settings.js';
import { type McpServerResponseDto, toMcpServerResponse } from './dto/mcp-server-response.dto.js';
import type { CreateMcpServerDto, UpdateMcpServerDto } from './dto/save-mcp-server.dto.js';
import { McpServer } from './entities/mcp-server.entity.js';
import { McpServerNameTakenError, McpServerNotFoundError, TooManyMcpServersError } from './mcp.errors.js';
import { SecretFields, type ServerSecrets, unmasked } from './secret-fields.js';
import { StdioPermit } from './stdio-permit.js';

const MAX_SERVERS = 50;
const NO_SECRETS: ServerSecrets = { headers: {}, env: {} };
const UNKNOWN = { tools: [], refusedTools: [], lastConnectedAt: null, lastError: null };
const DEFAULTS = { enabled: true, approval: 'never', timeoutSeconds: 60 } as const;

/**
 * MCP servers as a user sees them. Whose tools a project's agents are shown is a matter of trust: its owners add, change
 * and remove servers, its editors use them, its viewers see them.
 */
@Injectable()
export class McpServersService {
  constructor(
    @InjectRepository(McpServer) private readonly servers: Repository<McpServer>,
    private readonly fields: SecretFields,
    private readonly permit: StdioPermit,
    private readonly policy: AccessPolicy,
    private readonly audit: AuditTrail,
    private readonly idempotency: Idempotency,
  ) {}

  /** @throws {McpServerNameTakenError} @throws {McpStdioDisabledError} @throws {TooManyMcpServersError} */
  async create(ownerId: string, dto: CreateMcpServerDto): Promise<McpServerResponseDto> {
    this.permit.assert(dto.transport);
    const projectId = dto.project_id?.toLowerCase() ?? null;
    if (projectId !== null) await this.policy.assertMayIn(ownerId, 'manage', projectId);
    const { headers = {}, env = {}, transport, name } = dto;
    const id = newId();
    const own = {
      ...UNKNOWN,
      id,
      ownerId,
      projectId,
      transport,
      name,
      writtenBy: { name: ownerId },
      version: 1,
      secrets: this.fields.seal(id, { headers, env }),
    };
    const server = this.servers.create(own);
    Object.assign(server, { url: null, command: null, args: [], ...DEFAULTS }, settingsOf(dto));
    checkSettings(server, { headers, env });
    return this.insert(server);
  }

  /** The user's own, and those of the user's projects. */
  list(userId: string, page: PageQueryDto): Promise<Page<McpServerResponseDto>> {
    return readPage(this.readable(this.servers.manager, userId), page, (server) => this.present(server));
  }

  /** @throws {McpServerNotFoundError} when it is absent, or another's */
  async get(userId: string, id: string): Promise<McpServer> {
    return this.find(this.servers.manager, userId, id);
  }

  /** @throws {NotAllowedError} when the user may read it only */
  async getToUse(userId: string, id: string): Promise<McpServer> {
    const server = await this.get(userId, id);
    await this.policy.assertMay(userId, 'run', server);
    if (server.enabled) this.permit.assert(server.transport);
    return server;
  }

  async update(userId: string, id: string, dto: UpdateMcpServerDto): Promise<McpServer> {
    await this.policy.assertMay(userId, 'manage', await this.get(userId, id));
    return this.saved(dto.name, () =>
      this.servers.manager.transaction(async (manager) => {
        const server = await this.find(manager, userId, id, true);
        this.change(server, dto, userId);
        if (server.enabled) this.permit.assert(server.transport);
        const details = { name: server.name, changed: Object.keys(dto) };
        await this.audit.done(manager, { action: 'mcp_server.updated', target: targetOf(server), details });
        return manager.save(server);
      }),
    );
  }

  async remove(userId: string, id: string): Promise<void> {
    const server = await this.get(userId, id);
    await this.policy.assertMay(userId, 'manage', server);
    await this.servers.manager.transaction(async (manager) => {
      const { affected } = await manager.delete(McpServer, { id });
      if (!affected) throw new McpServerNotFoundError(id);
      const details = { name: server.name };
      await this.audit.done(manager, { action: 'mcp_server.deleted', target: targetOf(server), details });
    });
  }

  present(server: McpServer): McpServerResponseDto {
    return toMcpServerResponse(server, this.fields.open(server));
  }

  private insert(server: McpServer): Promise<McpServerResponseDto> {
    const { ownerId, projectId, name, transport } = server;
    const scope = projectId === null ? { ownerId, projectId: IsNull() } : { projectId };
    return this.saved(name, () =>
      this.servers.manager.transaction(async (manager) => {
        if ((await manager.countBy(McpServer, scope)) >= MAX_SERVERS) throw new TooManyMcpServersError(MAX_SERVERS);
        const answer = this.present(await manager.save(server));
        const details = { name, transport, ...(projectId !== null && { project_id: projectId }) };
        await this.audit.done(manager, { action: 'mcp_server.created', target: targetOf(server), details });
        await this.idempotency.answerIn(manager, answer);
        return answer;
      }),
    );
  }

  /** It is of whoever said last what it is connected to. */
  private change(server: McpServer, dto: UpdateMcpServerDto, userId: string): void {
    const stored = this.fields.open(server) ?? NO_SECRETS;
    const secrets = {
      headers: dto.headers ? unmasked(dto.headers, stored.headers) : stored.headers,
      env: dto.env ? unmasked(dto.env, stored.env) : stored.env,
    };
    const before = connectionOf(server, stored);
    server.writtenBy = writersAfter(userId, server, { name: dto.name ?? server.name });
    Object.assign(server, settingsOf(dto));
    checkSettings(server, secrets);
    const isOther = connectionOf(server, secrets) !== before;
    if (isOther) {
      Object.assign(server, UNKNOWN, { ownerId: userId, secrets: this.fields.seal(server.id, secrets) });
    }
    if (isOther || dto.name !== undefined) server.version += 1;
  }

  private async find(manager: EntityManager, userId: string, id: string, isLocked = false): Promise<McpServer> {
    const query = this.readable(manager, userId).andWhere('server.id = :id', { id });
    const server = await (isLocked ? query.setLock('pessimistic_write') : query).getOne();
    if (!server) throw new McpServerNotFoundError(id);
    return server;
  }

  private readable(manager: EntityManager, userId: string): SelectQueryBuilder<McpServer> {
    return this.policy.narrow(manager.createQueryBuilder(McpServer, 'server'), userId);
  }

  /** Two at once: the unique index decides. */
  private async saved<T>(name: string | undefined, save: () => Promise<T>): Promise<T> {
    try {
      return await save();
    } catch (error) {
      if (isNameTaken(error)) throw new McpServerNameTakenError(name ?? '', { cause: error });
      throw error;
    }
  }
}

function settingsOf(dto: UpdateMcpServerDto): Partial<McpServer> {
  return {
    ...(dto.name && { name: dto.name }),
    ...(dto.url && { url: dto.url }),
    ...(dto.command && { command: dto.command }),
    ...(dto.args && { args: dto.args }),
    ...(typeof dto.enabled === 'boolean' && { enabled: dto.enabled }),
    ...(dto.approval && { approval: dto.approval }),
    ...(dto.timeout_seconds && { timeoutSeconds: dto.timeout_seconds }),
  };
}

/** All that makes one connection another. */
function connectionOf({ url, command, args }: McpServer, secrets: ServerSecrets): string {
  return JSON.stringify([url, command, args, secrets]);
}

function targetOf({ id }: McpServer): { readonly type: string; readonly id: string } {
  return { type: 'mcp_server', id };
}

function isNameTaken(error: unknown): boolean {
  if (!(error instanceof QueryFailedError)) return false;
  const { constraint } = error.driverError as { constraint?: string }; // of pg
  return constraint === 'mcp_servers_own_name_key' || constraint === 'mcp_servers_project_name_key';
}
