import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EmbeddingsModule } from '../embeddings/embeddings.module.js';
import { VectorSources } from '../embeddings/vector-sources.js';
import { ProvidersModule } from '../providers/providers.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { ProjectContents } from '../projects/project-contents.js';
import { PromotedToolsModule } from '../tools/promoted/promoted-tools.module.js';
import { MemoryItem } from './entities/memory-item.entity.js';
import { MemorySolution } from './entities/memory-solution.entity.js';
import { MemoryLink } from './entities/memory-link.entity.js';
import { ConversationMemory } from './extraction/conversation-memory.js';
import { ConversationTurns } from './extraction/conversation-turns.js';
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
import { CompressedMemory } from './recall/compressed-memory.js';
import { MemoryRecall } from './recall/memory-recall.service.js';
import { ITEM_VECTORS } from './search/item-vectors.js';
import { MemorySearch } from './search/memory-search.service.js';
import { SolutionPromotions } from './solutions/solution-promotions.service.js';
import { SolutionRows } from './solutions/solution-rows.js';
import { SolutionsController } from './solutions/solutions.controller.js';
import { RebuildSummaryJob } from './summaries/rebuild-summary.job.js';
import { SummariesController } from './summaries/summaries.controller.js';
import { SummariesService } from './summaries/summaries.service.js';
import { CompressMemoryJob, SummarizeMemoryJob } from './summaries/summarize-memory.job.js';
import { SummaryKeeper } from './summaries/summary-keeper.js';
import { SummaryRebuilds } from './summaries/summary-rebuilds.js';
import { SummarySources } from './summaries/summary-sources.js';
import { SummaryWriter } from './summaries/summary-writer.js';
import { MemorySaveTool } from './tools/memory-save.tool.js';
import { MemorySearchTool } from './tools/memory-search.tool.js';
import { MemoryRetention } from './upkeep/memory-retention.js';
import { MemoryUpkeep } from './upkeep/memory-upkeep.js';
import { StaleRebuilds } from './upkeep/stale-rebuilds.js';

const FRAGMENTS = [ConversationMemory, ConversationTurns, ExtractMemoryJob, FragmentKeeper, MemoryModel, MemoryRecall];
const SUMMARIES = [
  CompressMemoryJob,
  RebuildSummaryJob,
  SummariesService,
  SummarizeMemoryJob,
  SummaryKeeper,
  SummaryRebuilds,
  SummarySources,
  SummaryWriter,
];
const UPKEEP = [MemoryRetention, MemoryUpkeep, StaleRebuilds];

/** What is remembered, and how it is found again. */
@Module({
  imports: [
    TypeOrmModule.forFeature([MemoryItem, MemoryLink, MemorySolution, MemoryUse]),
    EmbeddingsModule,
    PromotedToolsModule,
    ProvidersModule,
    UsageModule,
  ],
  controllers: [MemoryController, SolutionsController, SummariesController],
  providers: [
    ...FRAGMENTS,
    ...SUMMARIES,
    ...UPKEEP,
    CompressedMemory,
    ItemRows,
    ItemViews,
    MemoryErasure,
    MemoryItems,
    MemoryReplacements,
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
  exports: [
    ConversationMemory,
    ConversationTurns,
    MemoryErasure,
    MemoryItems,
    MemoryRecall,
    MemorySearch,
    NamespaceOwners,
  ],
})
export class MemoryModule {
  constructor(contents: ProjectContents, personal: PersonalData, erasure: MemoryErasure, vectors: VectorSources) {
    vectors.register(ITEM_VECTORS);
    contents.register(MemoryItem);
    personal.register('memory', erasure);
  }
}
