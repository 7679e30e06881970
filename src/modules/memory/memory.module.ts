import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProjectContents } from '../projects/project-contents.js';
import { PromotedToolsModule } from '../tools/promoted/promoted-tools.module.js';
import { MemoryItem } from './entities/memory-item.entity.js';
import { MemorySolution } from './entities/memory-solution.entity.js';
import { MemoryLink } from './entities/memory-link.entity.js';
import { MemoryUse } from './entities/memory-use.entity.js';
import { ItemRows } from './items/item-rows.js';
import { ItemViews } from './items/item-views.js';
import { MemoryItems } from './items/memory-items.service.js';
import { MemoryUses } from './items/memory-uses.js';
import { StaleSummaries } from './items/stale-summaries.js';
import { MemoryController } from './memory.controller.js';
import { MemoryErasure } from './memory-erasure.js';
import { PersonalData } from '../users/personal-data.js';
import { MemoryStreams } from './memory-streams.js';
import { NamespaceOwners } from './namespace-owners.js';
import { MemorySearch } from './search/memory-search.service.js';
import { SolutionPromotions } from './solutions/solution-promotions.service.js';
import { SolutionRows } from './solutions/solution-rows.js';
import { SolutionsController } from './solutions/solutions.controller.js';
import { MemorySaveTool } from './tools/memory-save.tool.js';
import { MemorySearchTool } from './tools/memory-search.tool.js';

/** What is remembered, and how it is found again. */
@Module({
  imports: [TypeOrmModule.forFeature([MemoryItem, MemoryLink, MemorySolution, MemoryUse]), PromotedToolsModule],
  controllers: [MemoryController, SolutionsController],
  providers: [
    ItemRows,
    ItemViews,
    MemoryErasure,
    MemoryItems,
    MemorySaveTool,
    MemorySearch,
    MemorySearchTool,
    MemoryStreams,
    MemoryUses,
    NamespaceOwners,
    SolutionPromotions,
    SolutionRows,
    StaleSummaries,
  ],
  exports: [MemoryErasure, MemoryItems, MemorySearch, NamespaceOwners],
})
export class MemoryModule {
  constructor(contents: ProjectContents, personal: PersonalData, erasure: MemoryErasure) {
    contents.register(MemoryItem);
    personal.register('memory', erasure);
  }
}
