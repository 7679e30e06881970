import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProvidersModule } from '../providers/providers.module.js';
import { CatalogueSeeder } from './catalogue/catalogue-seeder.js';
import { InitialPromptExecutor } from './components/initial-prompt.executor.js';
import { NodeModelService } from './components/node-model.service.js';
import { PromptEnhancerExecutor } from './components/prompt-enhancer.executor.js';
import { TextOutputExecutor } from './components/text-output.executor.js';
import { TranslatorExecutor } from './components/translator.executor.js';
import { ComponentsController } from './components.controller.js';
import { ComponentsService } from './components.service.js';
import { AgenticComponent } from './entities/agentic-component.entity.js';
import { ComponentApiConfigRow } from './entities/component-api-config.entity.js';
import { ComponentFieldRow } from './entities/component-field.entity.js';
import { ComponentOutputRow } from './entities/component-output.entity.js';
import { ComponentPortRow } from './entities/component-port.entity.js';
import { Flow } from './entities/flow.entity.js';
import { FlowVersion } from './entities/flow-version.entity.js';
import { FlowRunsController } from './flow-runs.controller.js';
import { FlowRunsService } from './flow-runs.service.js';
import { FlowsController } from './flows.controller.js';
import { FlowsService } from './flows.service.js';
import { GraphReader } from './graph-reader.js';
import { ExecutorRegistry } from './program/executor-registry.js';
import { FlowProgram } from './program/flow-program.provider.js';

const ENTITIES = [
  AgenticComponent,
  ComponentFieldRow,
  ComponentPortRow,
  ComponentApiConfigRow,
  ComponentOutputRow,
  Flow,
  FlowVersion,
];
const EXECUTORS = [InitialPromptExecutor, PromptEnhancerExecutor, TranslatorExecutor, TextOutputExecutor];

@Module({
  imports: [DiscoveryModule, TypeOrmModule.forFeature(ENTITIES), ProvidersModule],
  controllers: [ComponentsController, FlowsController, FlowRunsController],
  providers: [
    ComponentsService,
    CatalogueSeeder,
    ExecutorRegistry,
    NodeModelService,
    ...EXECUTORS,
    GraphReader,
    FlowsService,
    FlowRunsService,
    FlowProgram,
  ],
  exports: [FlowRunsService],
})
export class FlowsModule {}
