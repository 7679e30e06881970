import { type DynamicModule, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import { CommonModule } from './common/common.module.js';
import { IdempotencyModule } from './common/idempotency/idempotency.module.js';
import { logOptions } from './common/logging/log-options.js';
import type { AppConfig } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { AgentsModule } from './modules/agents/agents.module.js';
import { ArtifactsModule } from './modules/artifacts/artifacts.module.js';
import { AuditModule } from './modules/audit/audit.module.js';
import { AuthModule } from './modules/auth/auth.module.js';
import { BehaviorModule } from './modules/behavior/behavior.module.js';
import { CharactersModule } from './modules/characters/characters.module.js';
import { BackofficeModule } from './modules/backoffice/backoffice.module.js';
import { EventsModule } from './modules/events/events.module.js';
import { ExecutionModule } from './modules/execution/execution.module.js';
import { FlowsModule } from './modules/flows/flows.module.js';
import { GroupsModule } from './modules/groups/groups.module.js';
import { HealthModule } from './modules/health/health.module.js';
import { KnowledgeModule } from './modules/knowledge/knowledge.module.js';
import { McpServerModule } from './modules/mcp-server/mcp-server.module.js';
import { MemoryModule } from './modules/memory/memory.module.js';
import { ProjectsModule } from './modules/projects/projects.module.js';
import { SchedulerModule } from './modules/scheduler/scheduler.module.js';
import { SwarmModule } from './modules/swarm/swarm.module.js';
import { WorkspaceModule } from './modules/projects/workspace/workspace.module.js';
import { StreamsModule } from './modules/streams/streams.module.js';
import { WorkspaceToolsModule } from './modules/tools/workspace/workspace-tools.module.js';
import { McpModule } from './modules/tools/mcp/mcp.module.js';
import { PromotedToolsModule } from './modules/tools/promoted/promoted-tools.module.js';
import { ToolsModule } from './modules/tools/tools.module.js';

@Module({})
export class AppModule {
  static register(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.register(config),
        LoggerModule.forRoot(logOptions(config.server.logLevel)),
        CommonModule,
        DatabaseModule,
        IdempotencyModule,
        StreamsModule,
        AuditModule,
        AuthModule,
        ProjectsModule,
        WorkspaceModule,
        ExecutionModule,
        ArtifactsModule,
        ToolsModule,
        WorkspaceToolsModule,
        McpModule,
        PromotedToolsModule,
        CharactersModule,
        MemoryModule,
        BehaviorModule,
        KnowledgeModule,
        AgentsModule,
        FlowsModule,
        GroupsModule,
        SwarmModule,
        SchedulerModule,
        McpServerModule,
        BackofficeModule,
        HealthModule,
        EventsModule,
      ],
    };
  }
}
