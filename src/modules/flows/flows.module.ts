import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AgentsModule } from '../agents/agents.module.js';
import { ArtifactsModule } from '../artifacts/artifacts.module.js';
import { CharactersModule } from '../characters/characters.module.js';
import { MemoryModule } from '../memory/memory.module.js';
import { KnowledgeModule } from '../knowledge/knowledge.module.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { ToolsModule } from '../tools/tools.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { CatalogueSeeder } from './catalogue/catalogue-seeder.js';
import { ComponentsController } from './components.controller.js';
import { ComponentsService } from './components.service.js';
import { AgentExecutor } from './components/agent/agent.executor.js';
import { AgentNodePlanner } from './components/agent/agent-node-planner.service.js';
import { ApprovalExecutor } from './components/approval.executor.js';
import { CompressorExecutor } from './components/compressor.executor.js';
import { ConditionExecutor } from './components/condition/condition.executor.js';
import { ConsistentCharacterExecutor } from './components/consistent-character.executor.js';
import { GrammarFixExecutor } from './components/grammar-fix.executor.js';
import { HttpRequestExecutor } from './components/http-request.executor.js';
import { ImageDescriberExecutor } from './components/image-describer.executor.js';
import { ImageGeneratorExecutor } from './components/image-generator.executor.js';
import { InitialPromptExecutor } from './components/initial-prompt.executor.js';
import { MemoryRecallExecutor } from './components/memory-recall.executor.js';
import { KnowledgeSearchExecutor } from './components/knowledge-search.executor.js';
import { NodeImageService } from './components/node-image.service.js';
import { NodeModelService } from './components/node-model.service.js';
import { PersonasReplacerExecutor } from './components/personas-replacer.executor.js';
import { PromptEnhancerExecutor } from './components/prompt-enhancer.executor.js';
import { SceneBuilderExecutor } from './components/scene-builder.executor.js';
import { StoryTellerExecutor } from './components/story-teller.executor.js';
import { SubflowPlanner } from './components/subflow/subflow-planner.service.js';
import { SubflowExecutor } from './components/subflow/subflow.executor.js';
import { TextOutputExecutor } from './components/text-output.executor.js';
import { ToolExecutor } from './components/tool/tool.executor.js';
import { TranslatorExecutor } from './components/translator.executor.js';
import { AgenticComponent } from './entities/agentic-component.entity.js';
import { ComponentApiConfigRow } from './entities/component-api-config.entity.js';
import { ComponentFieldRow } from './entities/component-field.entity.js';
import { ComponentOutputRow } from './entities/component-output.entity.js';
import { ComponentPortRow } from './entities/component-port.entity.js';
import { FlowVersion } from './entities/flow-version.entity.js';
import { Flow } from './entities/flow.entity.js';
import { FlowRunsController } from './flow-runs.controller.js';
import { FlowRunsService } from './flow-runs.service.js';
import { FlowTransferController } from './flow-transfer.controller.js';
import { FlowVersionsController } from './flow-versions.controller.js';
import { FlowVersionsService } from './flow-versions.service.js';
import { FlowsController } from './flows.controller.js';
import { FlowsService } from './flows.service.js';
import { GraphReader } from './graph-reader.js';
import { NodeResolver } from './node-resolver.js';
import { ContentHasher } from './plan/content-hasher.service.js';
import { EarlierRunService } from './plan/earlier-run.service.js';
import { FlowRunPlanner } from './plan/flow-run-planner.js';
import { ImageIntake } from './plan/image-intake.service.js';
import { ExecutorRegistry } from './program/executor-registry.js';
import { FlowProgram } from './program/flow-program.provider.js';
import { RunnableFlowsService } from './runnable/runnable-flows.service.js';
import { ProjectContents } from '../projects/project-contents.js';
import { PersonalData } from '../users/personal-data.js';
import { PERSONAL_FLOW_VERSIONS, PERSONAL_FLOWS } from './personal-records.js';

const ENTITIES = [
  AgenticComponent,
  ComponentFieldRow,
  ComponentPortRow,
  ComponentApiConfigRow,
  ComponentOutputRow,
  Flow,
  FlowVersion,
];
const EXECUTORS = [
  InitialPromptExecutor,
  PromptEnhancerExecutor,
  TranslatorExecutor,
  StoryTellerExecutor,
  GrammarFixExecutor,
  CompressorExecutor,
  ImageDescriberExecutor,
  ImageGeneratorExecutor,
  PersonasReplacerExecutor,
  TextOutputExecutor,
  ConsistentCharacterExecutor,
  SceneBuilderExecutor,
  ConditionExecutor,
  ApprovalExecutor,
  SubflowExecutor,
  HttpRequestExecutor,
  KnowledgeSearchExecutor,
  MemoryRecallExecutor,
  AgentExecutor,
  ToolExecutor,
];
const PLANNING = [NodeResolver, GraphReader, ImageIntake, ContentHasher, EarlierRunService, FlowRunPlanner];

@Module({
  imports: [
    DiscoveryModule,
    AgentsModule,
    ToolsModule,
    TypeOrmModule.forFeature(ENTITIES),
    ProvidersModule,
    UsageModule,
    ArtifactsModule,
    CharactersModule,
    KnowledgeModule,
    MemoryModule,
  ],
  controllers: [
    ComponentsController,
    FlowTransferController,
    FlowsController,
    FlowVersionsController,
    FlowRunsController,
  ],
  providers: [
    ComponentsService,
    CatalogueSeeder,
    ExecutorRegistry,
    NodeModelService,
    NodeImageService,
    SubflowPlanner,
    AgentNodePlanner,
    ...EXECUTORS,
    ...PLANNING,
    FlowsService,
    FlowVersionsService,
    FlowRunsService,
    RunnableFlowsService,
    FlowProgram,
  ],
  exports: [FlowRunsService, FlowsService, RunnableFlowsService],
})
export class FlowsModule {
  constructor(contents: ProjectContents, personal: PersonalData) {
    contents.register(Flow);
    personal.registerStored('flow_versions', PERSONAL_FLOW_VERSIONS);
    personal.registerStored('flows', PERSONAL_FLOWS);
  }
}
