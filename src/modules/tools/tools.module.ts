import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { BUILT_IN_TOOLS } from './built-in/built-in-tools.js';
import { PureWork } from './pure/pure-work.js';
import { Sandbox } from './sandbox/sandbox.js';
import { SchemaChecks } from './schema-checks.js';
import { ToolCalls } from './tool-calls.js';
import { ToolCatalogue } from './tool-catalogue.js';
import { ToolInvocationsService } from './tool-invocations.service.js';
import { ToolsController } from './tools.controller.js';
import { ToolsService } from './tools.service.js';

/** What agents, flows and people can call. */
@Module({
  imports: [DiscoveryModule],
  controllers: [ToolsController],
  providers: [
    SchemaChecks,
    ToolCatalogue,
    ToolCalls,
    ToolsService,
    ToolInvocationsService,
    Sandbox,
    PureWork,
    ...BUILT_IN_TOOLS,
  ],
  exports: [Sandbox, SchemaChecks, ToolCatalogue, ToolCalls],
})
export class ToolsModule {}
