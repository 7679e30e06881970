import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { FailureInfo, RunContext, StepContext } from '../../../engine/index.js';
import { StepFailure } from '../../../engine/index.js';
import { databaseInStep } from '../../execution/database-in-step.js';
import { type SystemJob, SystemWork } from '../../execution/system/system-job.js';
import { ToolFailure } from '../../tools/tool.js';
import { EmbeddingQueues } from '../../embeddings/embedding-queues.js';
import { DocumentContents } from '../documents/document-contents.js';
import { formatOf } from '../parsing/document-format.js';
import { DocumentParser } from '../parsing/document-parser.js';
import { CHUNK_VECTORS } from '../search/chunk-source.js';
import { DocumentIndex, type DocumentToIndex, type RevisionId } from './document-index.js';
import { type ExtractedText, indexDocument, type IndexPorts } from './index-document.program.js';
import { INDEX_JOB, type IndexInput, type IndexOutput, type IndexProgress } from './index-job.js';

/** Chunks of one transaction. */
const BATCH = 200;
const TOO_COMPLEX = 'DOCUMENT_TOO_COMPLEX';
/** What the pool of processes fails with, as it is told of a document. */
const CODES: Readonly<Record<string, string>> = {
  TOOL_TIMED_OUT: TOO_COMPLEX,
  MEMORY_LIMIT: TOO_COMPLEX,
  TOOL_CRASHED: TOO_COMPLEX,
  TOOL_FAULT: 'DOCUMENT_UNREADABLE',
};
const RETRYABLE: ReadonlySet<string> = new Set(['TOOL_CRASHED', 'TOOL_BUSY']);

/** Makes runs that index documents known. */
@Injectable()
@SystemWork(INDEX_JOB)
export class IndexDocumentJob implements SystemJob<IndexInput>, IndexPorts {
  constructor(
    private readonly index: DocumentIndex,
    private readonly contents: DocumentContents,
    private readonly parser: DocumentParser,
    private readonly embeddings: EmbeddingQueues,
  ) {}

  run(ctx: RunContext, input: IndexInput): Promise<IndexOutput> {
    return indexDocument(ctx, input, this);
  }

  async begin(tx: unknown, input: IndexInput): Promise<DocumentToIndex | null> {
    return (await this.index.beginIn(managerOf(tx), idOf(input))) ?? null;
  }

  async extract(input: IndexInput, document: DocumentToIndex, { signal }: StepContext): Promise<ExtractedText | null> {
    const { title, mimeType } = document;
    const format = formatOf(mimeType) ?? 'text';
    const read = () => databaseInStep(() => this.contents.readAll(input.document_id));
    const parsed = await this.parser.parse({ format, title }, read, signal).catch(rethrow);
    const counts = await databaseInStep(() => this.index.stage(idOf(input), parsed));
    return counts ? { ...counts, language: parsed.language } : null;
  }

  async indexSome(
    tx: unknown,
    input: IndexInput,
    document: DocumentToIndex,
    language: string,
  ): Promise<IndexProgress | null> {
    const { title, ...owned } = document;
    return (await this.index.indexIn(managerOf(tx), idOf(input), { title, language, owned, limit: BATCH })) ?? null;
  }

  async finish(tx: unknown, input: IndexInput, document: DocumentToIndex, language: string): Promise<boolean> {
    const manager = managerOf(tx);
    const isFinished = await this.index.finishIn(manager, idOf(input), language);
    if (isFinished) await this.embeddings.wantIn(manager, CHUNK_VECTORS.name, document);
    return isFinished;
  }

  async fail(tx: unknown, input: IndexInput, failure: FailureInfo): Promise<void> {
    await this.index.failIn(managerOf(tx), idOf(input), failure);
  }
}

function idOf({ document_id: documentId, revision }: IndexInput): RevisionId {
  return { documentId, revision };
}

function managerOf(tx: unknown): EntityManager {
  return tx as EntityManager; // what `transact` hands over in this product
}

function rethrow(error: unknown): never {
  if (!(error instanceof ToolFailure)) throw error;
  const { code, message } = error;
  const isTooComplex = CODES[code] === TOO_COMPLEX;
  const told = isTooComplex ? 'The document takes too much time or memory to be read' : message;
  throw new StepFailure({ code: CODES[code] ?? code, message: told }, { retryable: RETRYABLE.has(code), cause: error });
}
