import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { BehaviorModule } from '../behavior/behavior.module.js';
import { ConnectionsModule } from '../connections/connections.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { ToolsModule } from '../tools/tools.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { AgentFinder } from './definitions/agent-finder.service.js';
import { AgentVersionsController } from './definitions/agent-versions.controller.js';
import { AgentVersionsService } from './definitions/agent-versions.service.js';
import { AgentsController } from './definitions/agents.controller.js';
import { AgentsService } from './definitions/agents.service.js';
import { AgentNamespaces } from './definitions/agent-namespaces.js';
import { DefinitionChecks } from './definitions/definition-checks.service.js';
import { AgentVersion } from './entities/agent-version.entity.js';
import { Agent } from './entities/agent.entity.js';
import { AgentMemory } from './memory/agent-memory.service.js';
import { AgentRecall } from './memory/agent-recall.service.js';
import { AgentPreparation } from './program/agent-preparation.service.js';
import { AgentProgram } from './program/agent-program.provider.js';
import { AgentModel } from './prompt/agent-model.service.js';
import { AgentPrompts } from './prompt/agent-prompts.service.js';
import { AgentRooms } from './rooms/agent-rooms.js';
import { AgentPins } from './runs/agent-pins.service.js';
import { AgentRunsController } from './runs/agent-runs.controller.js';
import { AgentRunsService } from './runs/agent-runs.service.js';
import { Attachments } from './runs/attachments.service.js';
import { AgentHistory } from './sessions/agent-history.service.js';
import { AgentSessionsController } from './sessions/agent-sessions.controller.js';
import { AgentSessionsService } from './sessions/agent-sessions.service.js';
import { AgentSession } from './sessions/entities/agent-session.entity.js';
import { AgentSessionMessage } from './sessions/entities/agent-session-message.entity.js';
import { AgentTools } from './tools/agent-tools.service.js';
import { ToolSteps } from './tools/tool-steps.service.js';
import { ProjectContents } from '../projects/project-contents.js';
import { PersonalData } from '../users/personal-data.js';
import { PERSONAL_AGENT_VERSIONS, PERSONAL_AGENTS, PERSONAL_SESSIONS } from './personal-records.js';

const DEFINITIONS = [AgentNamespaces, AgentsService, AgentFinder, AgentVersionsService, DefinitionChecks];
const RUNNING = [
  AgentProgram,
  AgentPreparation,
  AgentModel,
  AgentPrompts,
  AgentTools,
  ToolSteps,
  AgentHistory,
  AgentMemory,
  AgentRecall,
  AgentRooms,
];
const STARTING = [AgentRunsService, AgentPins, Attachments, AgentSessionsService];

@Module({
  imports: [
    TypeOrmModule.forFeature([Agent, AgentVersion, AgentSession, AgentSessionMessage]),
    ArtifactsModule,
    BehaviorModule,
    ConnectionsModule,
    MemoryModule,
    ProvidersModule,
    ToolsModule,
    UsageModule,
  ],
  // Addresses that begin alike: those with a word come before those with an id.
  controllers: [AgentRunsController, AgentSessionsController, AgentVersionsController, AgentsController],
  providers: [...DEFINITIONS, ...RUNNING, ...STARTING],
  exports: [
    AgentsService,
    AgentRunsService,
    AgentSessionsService,
    AgentPins,
    AgentFinder,
    AgentVersionsService,
    AgentTools,
    DefinitionChecks,
    ToolSteps,
    AgentRooms,
  ],
})
export class AgentsModule {
  constructor(contents: ProjectContents, personal: PersonalData) {
    contents.register(Agent);
    personal.registerStored('agent_versions', PERSONAL_AGENT_VERSIONS);
    personal.registerStored('agents', PERSONAL_AGENTS);
    personal.registerStored('conversations', PERSONAL_SESSIONS);
  }
}
