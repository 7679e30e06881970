import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, type QueryDeepPartialEntity, Repository } from 'typeorm';
import { newId } from '../../../common/ids/id.js';
import type { Page } from '../../../common/paging/page.js';
import { readPage } from '../../../common/paging/page.js';
import { ExecutionService } from '../../execution/execution.service.js';
import { SYSTEM_KIND } from '../../execution/system/system-job.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { writersAfter } from '../../users/written-texts.js';
import {
  type DocumentAcceptedDto,
  type DocumentResponseDto,
  toDocumentResponse,
} from '../dto/document-response.dto.js';
import type { ListDocumentsDto, UpdateDocumentDto } from '../dto/save-document.dto.js';
import { KnowledgeDocument } from '../entities/knowledge-document.entity.js';
import { INDEX_JOB, type IndexInput } from '../indexing/index-job.js';
import { DocumentNotFoundError } from '../knowledge.errors.js';
import { DocumentContents } from './document-contents.js';
import { DocumentFinder } from './document-finder.js';
import { DocumentLimits } from './document-limits.js';
import { assertMetadata, type SentDocument } from './sent-document.js';

const REPLACED = 'the document has changed';
const REMOVED = 'the document was removed';

/** Documents as a user sees them: those of others are not there. Each change of what is indexed makes a revision. */
@Injectable()
export class DocumentsService {
  constructor(
    @InjectRepository(KnowledgeDocument) private readonly documents: Repository<KnowledgeDocument>,
    private readonly finder: DocumentFinder,
    private readonly policy: AccessPolicy,
    private readonly contents: DocumentContents,
    private readonly limits: DocumentLimits,
    private readonly execution: ExecutionService,
  ) {}

  /** @throws {KnowledgeFullError} */
  async create(ownerId: string, projectId: string | null, sent: SentDocument): Promise<DocumentAcceptedDto> {
    const [id, runId] = [newId(), newId()];
    const { title, mimeType, path, metadata = {}, content } = sent;
    const { sizeBytes, sha256 } = content;
    const row = { id, ownerId, projectId, title, mimeType, metadata, path, sizeBytes, sha256, runId };
    const document = this.documents.create({ ...row, status: 'pending', error: null, revision: 1 });
    await this.documents.manager.transaction(async (manager) => {
      await this.limits.lockIn(manager, document);
      // TypeORM's type of what may be inserted goes into every part of a JSON column; these are whole.
      await manager.insert(KnowledgeDocument, document as QueryDeepPartialEntity<KnowledgeDocument>);
      await this.contents.adoptIn(manager, id, content);
      await this.limits.assertWithinIn(manager, document);
      await this.startIn(manager, ownerId, document);
    });
    return { id, run_id: runId, status: 'pending' };
  }

  /** The user's own, and those of the user's projects. */
  async list(userId: string, query: ListDocumentsDto): Promise<Page<DocumentResponseDto>> {
    const { project_id: projectId, status, ...page } = query;
    const documents = this.finder.readable(userId);
    if (projectId !== undefined) documents.andWhere('document.projectId = :projectId', { projectId });
    if (status !== undefined) documents.andWhere('document.status = :status', { status });
    return readPage(documents, page, toDocumentResponse);
  }

  /** @throws {DocumentNotFoundError} when it is absent, or another's */
  get(userId: string, id: string): Promise<KnowledgeDocument> {
    return this.finder.get(userId, id);
  }

  /** @throws {NotAllowedError} when the user may read it only */
  async getToWrite(userId: string, id: string): Promise<KnowledgeDocument> {
    const document = await this.get(userId, id);
    await this.policy.assertMay(userId, 'write', document);
    return document;
  }

  /** Puts other content in the place of what it had. What says the same is not indexed again. */
  replace(userId: string, id: string, sent: SentDocument): Promise<KnowledgeDocument> {
    const { title, mimeType, path, content, metadata } = sent;
    const { sizeBytes, sha256 } = content;
    return this.change(userId, id, async (manager, document) => {
      await this.limits.lockIn(manager, document);
      Object.assign(document, { title, mimeType, path, sizeBytes, sha256 }, described(userId, document, metadata));
      await this.contents.adoptIn(manager, id, content);
      return true;
    });
  }

  update(userId: string, id: string, { title, metadata }: UpdateDocumentDto): Promise<KnowledgeDocument> {
    assertMetadata(metadata);
    return this.change(userId, id, async (_manager, document) => {
      const isRetitled = title !== undefined && title !== document.title;
      Object.assign(document, title !== undefined && { title }, described(userId, document, metadata));
      return isRetitled;
    });
  }

  /** What is under way for it is cancelled. */
  async remove(userId: string, id: string): Promise<void> {
    await this.policy.assertMay(userId, 'remove', await this.get(userId, id));
    await this.documents.manager.transaction(async (manager) => {
      const document = await this.lock(manager, id);
      await this.execution.cancelIn(manager, document.runId, REMOVED);
      await manager.delete(KnowledgeDocument, { id });
    });
  }

  /** @param apply answers whether what is indexed has changed */
  private change(
    userId: string,
    id: string,
    apply: (manager: EntityManager, document: KnowledgeDocument) => Promise<boolean>,
  ): Promise<KnowledgeDocument> {
    return this.documents.manager.transaction(async (manager) => {
      const document = await this.lock(manager, id);
      await this.policy.assertMay(userId, 'write', document, manager);
      const before = document.runId;
      const isIndexedAnew = await apply(manager, document);
      if (!isIndexedAnew) return manager.save(document);
      const { revision } = document;
      Object.assign(document, { revision: revision + 1, runId: newId(), status: 'pending', error: null });
      const saved = await manager.save(document);
      await this.limits.assertWithinIn(manager, saved);
      await this.execution.cancelIn(manager, before, REPLACED);
      await this.startIn(manager, userId, saved);
      return saved;
    });
  }

  /** Before anything else is locked: the steps of its run do the same. */
  private async lock(manager: EntityManager, id: string): Promise<KnowledgeDocument> {
    const lock = { mode: 'pessimistic_write' } as const;
    const document = await manager.findOne(KnowledgeDocument, { where: { id }, lock });
    if (!document) throw new DocumentNotFoundError(id);
    return document;
  }

  private async startIn(manager: EntityManager, userId: string, document: KnowledgeDocument): Promise<void> {
    const { id, projectId, runId, revision } = document;
    const input: IndexInput = { job: INDEX_JOB, document_id: id, revision };
    const run = { id: runId, kind: SYSTEM_KIND, input, ownerId: userId, projectId };
    await this.execution.start({ ...run, answer: { id, status: 'pending' } }, manager);
  }
}

/** @param metadata undefined: they stay */
function described(userId: string, document: KnowledgeDocument, metadata: SentDocument['metadata']) {
  return metadata && { metadata, writtenBy: writersAfter(userId, document, { metadata }) };
}
