import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EmbeddingsModule } from '../embeddings/embeddings.module.js';
import { VectorSources } from '../embeddings/vector-sources.js';
import { ProjectContents } from '../projects/project-contents.js';
import { WorkspaceModule } from '../projects/workspace/workspace.module.js';
import { DocumentContents } from './documents/document-contents.js';
import { DocumentFinder } from './documents/document-finder.js';
import { DocumentIntake } from './documents/document-intake.js';
import { DocumentLimits } from './documents/document-limits.js';
import { DocumentsController } from './documents/documents.controller.js';
import { DocumentsService } from './documents/documents.service.js';
import { KnowledgeChunk } from './entities/knowledge-chunk.entity.js';
import { KnowledgeContentPart } from './entities/knowledge-content-part.entity.js';
import { KnowledgeContent } from './entities/knowledge-content.entity.js';
import { KnowledgeDocument } from './entities/knowledge-document.entity.js';
import { KnowledgeText } from './entities/knowledge-text.entity.js';
import { DocumentIndex } from './indexing/document-index.js';
import { IndexDocumentJob } from './indexing/index-document.job.js';
import { KnowledgeErasure } from './knowledge-erasure.js';
import { DocumentParser } from './parsing/document-parser.js';
import { CHUNK_VECTORS } from './search/chunk-source.js';
import { KnowledgeSearchController } from './search/knowledge-search.controller.js';
import { KnowledgeSearch } from './search/knowledge-search.service.js';
import { KnowledgeSearchTool } from './tools/knowledge-search.tool.js';
import { PersonalData } from '../users/personal-data.js';
import { writtenTexts } from '../users/written-texts.js';

const ENTITIES = [KnowledgeDocument, KnowledgeContent, KnowledgeContentPart, KnowledgeText, KnowledgeChunk];
const DOCUMENTS = [DocumentContents, DocumentFinder, DocumentIntake, DocumentLimits, DocumentsService];

/** Documents that agents, flows and people search. */
@Module({
  imports: [EmbeddingsModule, TypeOrmModule.forFeature(ENTITIES), WorkspaceModule],
  controllers: [DocumentsController, KnowledgeSearchController],
  providers: [
    ...DOCUMENTS,
    DocumentIndex,
    DocumentParser,
    IndexDocumentJob,
    KnowledgeErasure,
    KnowledgeSearch,
    KnowledgeSearchTool,
  ],
  exports: [KnowledgeErasure, KnowledgeSearch],
})
export class KnowledgeModule {
  constructor(contents: ProjectContents, personal: PersonalData, erasure: KnowledgeErasure, vectors: VectorSources) {
    vectors.register(CHUNK_VECTORS);
    contents.register(KnowledgeDocument);
    personal.registerStored('document_texts', writtenTexts('knowledge_documents', { metadata: `'{}'` }));
    personal.register('documents', erasure);
  }
}
