import { Module } from '@nestjs/common';
import { ProvidersModule } from '../providers/providers.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { EmbedTextsJob } from './embed-texts.job.js';
import { EmbeddingQueues } from './embedding-queues.js';
import { PgVector } from './pg-vector.js';
import { QuestionVectors } from './question-vectors.js';
import { VectorRows } from './vector-rows.js';
import { VectorSearch } from './vector-search.service.js';
import { VectorSources } from './vector-sources.js';
import { VectorSweep } from './vector-sweep.js';
import { VectorUpkeep } from './vector-upkeep.js';

/** Texts by what they mean: made into vectors in the background, and found by them. */
@Module({
  imports: [ProvidersModule, UsageModule],
  providers: [
    EmbedTextsJob,
    EmbeddingQueues,
    PgVector,
    QuestionVectors,
    VectorRows,
    VectorSearch,
    VectorSources,
    VectorSweep,
    VectorUpkeep,
  ],
  exports: [EmbeddingQueues, VectorSearch, VectorSources],
})
export class EmbeddingsModule {}
