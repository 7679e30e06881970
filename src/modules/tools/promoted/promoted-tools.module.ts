import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProjectContents } from '../../projects/project-contents.js';
import { PersonalData } from '../../users/personal-data.js';
import { ToolsModule } from '../tools.module.js';
import { PromotedTool } from './entities/promoted-tool.entity.js';
import { PromotedToolVersion } from './entities/promoted-tool-version.entity.js';
import { PERSONAL_TOOLS } from './personal-records.js';
import { PromotedToolSource } from './promoted-tool-source.js';
import { PromotedToolsController } from './promoted-tools.controller.js';
import { PromotedTools } from './promoted-tools.service.js';
import { PromotedVersions } from './promoted-versions.js';
import { PromotionRecords } from './promotion-records.js';
import { ToolExamples } from './tool-examples.js';
import { ToolProgramRunner } from './tool-program-runner.js';
import { ToolPromotions } from './tool-promotions.service.js';

/** Tools that people have made from solutions. */
@Module({
  imports: [ToolsModule, TypeOrmModule.forFeature([PromotedTool, PromotedToolVersion])],
  controllers: [PromotedToolsController],
  providers: [
    PromotedTools,
    PromotedToolSource,
    PromotedVersions,
    PromotionRecords,
    ToolExamples,
    ToolProgramRunner,
    ToolPromotions,
  ],
  exports: [ToolPromotions],
})
export class PromotedToolsModule {
  constructor(contents: ProjectContents, personal: PersonalData) {
    contents.register(PromotedTool);
    personal.registerStored('promoted_tools', PERSONAL_TOOLS);
  }
}
