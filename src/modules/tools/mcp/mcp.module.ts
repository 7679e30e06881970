import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { GuardedFetch } from '../../../common/net/guarded-fetch.js';
import { ArtifactsModule } from '../../artifacts/artifacts.module.js';
import { ProjectContents } from '../../projects/project-contents.js';
import { ToolsModule } from '../tools.module.js';
import { McpServer } from './entities/mcp-server.entity.js';
import { McpConnections } from './mcp-connections.js';
import { McpServersController } from './mcp-servers.controller.js';
import { McpServersService } from './mcp-servers.service.js';
import { McpToolSource } from './mcp-tool-source.js';
import { McpTools } from './mcp-tools.js';
import { SecretFields } from './secret-fields.js';
import { StdioPermit } from './stdio-permit.js';
import { ToolLists } from './tool-lists.js';
import { PersonalData } from '../../users/personal-data.js';
import { PERSONAL_MCP_NAMES, PERSONAL_MCP_SERVERS } from './personal-records.js';

/** Tools of MCP servers that people have registered. */
@Module({
  imports: [ToolsModule, ArtifactsModule, TypeOrmModule.forFeature([McpServer])],
  controllers: [McpServersController],
  providers: [
    GuardedFetch,
    McpConnections,
    McpServersService,
    McpTools,
    McpToolSource,
    SecretFields,
    StdioPermit,
    ToolLists,
  ],
})
export class McpModule {
  constructor(contents: ProjectContents, personal: PersonalData) {
    contents.register(McpServer);
    personal.registerStored('mcp_server_names', PERSONAL_MCP_NAMES);
    personal.registerStored('mcp_servers', PERSONAL_MCP_SERVERS);
  }
}
