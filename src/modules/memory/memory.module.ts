import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ProvidersModule } from '../providers/providers.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { ProjectContents } from '../projects/project-contents.js';
import { MemoryItem } from './entities/memory-item.entity.js';
import { MemoryLink } from './entities/memory-link.entity.js';
import { ConversationMemory } from './extraction/conversation-memory.js';
import { ExtractMemoryJob } from './extraction/extract-memory.job.js';
import { FragmentKeeper } from './extraction/fragment-keeper.js';
import { MemoryUse } from './entities/memory-use.entity.js';
import { ItemRows } from './items/item-rows.js';
import { ItemViews } from './items/item-views.js';
import { MemoryReplacements } from './items/memory-replacements.js';
import { MemoryItems } from './items/memory-items.service.js';
import { MemoryUses } from './items/memory-uses.js';
import { StaleSummaries } from './items/stale-summaries.js';
import { MemoryController } from './memory.controller.js';
import { MemoryErasure } from './memory-erasure.js';
import { PersonalData } from '../users/personal-data.js';
import { MemoryStreams } from './memory-streams.js';
import { MemoryModel } from './model/memory-model.js';
import { NamespaceOwners } from './namespace-owners.js';
import { MemoryRecall } from './recall/memory-recall.service.js';
import { MemorySearch } from './search/memory-search.service.js';
import { MemorySaveTool } from './tools/memory-save.tool.js';
import { MemorySearchTool } from './tools/memory-search.tool.js';

/** What is remembered, and how it is found again. */
@Module({
  imports: [TypeOrmModule.forFeature([MemoryItem, MemoryLink, MemoryUse]), ProvidersModule, UsageModule],
  controllers: [MemoryController],
  providers: [
    ConversationMemory,
    ExtractMemoryJob,
    FragmentKeeper,
    ItemRows,
    ItemViews,
    MemoryErasure,
    MemoryItems,
    MemoryModel,
    MemoryRecall,
    MemoryReplacements,
    MemorySaveTool,
    MemorySearch,
    MemorySearchTool,
    MemoryStreams,
    MemoryUses,
    NamespaceOwners,
    StaleSummaries,
  ],
  exports: [ConversationMemory, MemoryErasure, MemoryItems, MemoryRecall, MemorySearch, NamespaceOwners],
})
export class MemoryModule {
  constructor(contents: ProjectContents, personal: PersonalData, erasure: MemoryErasure) {
    contents.register(MemoryItem);
    personal.register('memory', erasure);
  }
}
