import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type EntityManager, Repository } from 'typeorm';
import { type DocumentResponseDto, toDocumentResponse } from './dto/document-response.dto.js';
import { KnowledgeDocument } from './entities/knowledge-document.entity.js';
import { KnowledgeText } from './entities/knowledge-text.entity.js';

export interface ExportedDocument extends DocumentResponseDto {
  /** Null when none has been extracted. */
  readonly text: string | null;
}

/** What a document has was sent with the run that indexes it. */
const SENT_BY = `(owner_id = $1 OR run_id IN (SELECT id FROM runs WHERE user_id = $1))`;
const NEXT = `SELECT id FROM knowledge_documents WHERE ${SENT_BY} AND id > $2 ORDER BY id LIMIT 1`;
const ERASE = `DELETE FROM knowledge_documents WHERE ${SENT_BY}`;
const FIRST = '00000000-0000-0000-0000-000000000000';
const ERASE_UPLOADS = `DELETE FROM knowledge_contents WHERE owner_id = $1`;

/** What there is of a person here: the documents that the person added, or gave what they have now; also those of projects. */
@Injectable()
export class KnowledgeErasure {
  constructor(
    @InjectRepository(KnowledgeDocument) private readonly documents: Repository<KnowledgeDocument>,
    @InjectRepository(KnowledgeText) private readonly texts: Repository<KnowledgeText>,
  ) {}

  /** One at a time: all of them together may be larger than the memory. */
  async *exportOf(userId: string): AsyncGenerator<ExportedDocument> {
    for (let last = FIRST; ;) {
      const [next] = await this.documents.query<{ id: string }[]>(NEXT, [userId, last]);
      const document = next && (await this.documents.findOneBy({ id: next.id }));
      if (!document) return;
      last = document.id;
      const text = await this.texts.findOneBy({ documentId: last, revision: document.indexedRevision ?? 0 });
      yield Object.assign(toDocumentResponse(document), { text: text?.content ?? null });
    }
  }

  /** With their bytes, texts and chunks. Answers how many documents there were. */
  async eraseOf(userId: string, manager: EntityManager): Promise<number> {
    await manager.query(ERASE_UPLOADS, [userId]);
    const [, count] = await manager.query<[unknown[], number]>(ERASE, [userId]);
    return count;
  }
}
