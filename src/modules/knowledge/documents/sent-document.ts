import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import type { DocumentContentDto } from '../dto/save-document.dto.js';
import type { KnowledgeDocument } from '../entities/knowledge-document.entity.js';
import { formatOf, mimeTypeOf } from '../parsing/document-format.js';
import type { ReceivedContent } from './document-contents.js';

const MAX_METADATA_CHARS = 16_384;
const MAX_TITLE_LENGTH = 500;

/** A document as it was sent, with its bytes in the database. */
export interface SentDocument {
  readonly title: string;
  readonly mimeType: string;
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
  readonly path: string | null;
  readonly content: ReceivedContent;
}

/** What a file says about itself, beside what was said of it. */
export interface FileFacts {
  readonly name: string;
  readonly mimeType: string;
}

/** What new content of a document may leave untold. */
export type DescribedDocument = Pick<KnowledgeDocument, 'title' | 'mimeType' | 'projectId'>;

/** The title stays, and of a text its type too; a file tells its own. Pure. */
export function keptOf(
  { title, mimeType }: DescribedDocument,
  dto: DocumentContentDto,
): Pick<DocumentContentDto, 'title' | 'mime_type'> {
  const isText = dto.content !== undefined && formatOf(mimeType) !== 'pdf';
  return { title: dto.title ?? title, ...(isText && { mime_type: dto.mime_type ?? mimeType }) };
}

/**
 * Title and type of a document. Pure.
 *
 * @throws {InvalidInputError} when it is of a type that cannot be read
 */
export function describeDocument(
  { title, mime_type: told }: DocumentContentDto,
  file: FileFacts,
): { readonly title: string; readonly mimeType: string } {
  const mimeType = told === undefined ? mimeTypeOf(file.mimeType, file.name) : mimeTypeOf(told, '');
  if (formatOf(mimeType) === undefined) {
    const message = 'must be text, Markdown, HTML, PDF or CSV';
    throw new InvalidInputError([{ path: '/mime_type', code: 'DOCUMENT_TYPE_UNSUPPORTED', message }]);
  }
  const base = file.name.slice(file.name.lastIndexOf('/') + 1).slice(0, MAX_TITLE_LENGTH);
  return { title: title ?? (base || 'Untitled document'), mimeType };
}

/** @throws {InvalidInputError} */
export function assertMetadata(metadata: Readonly<Record<string, unknown>> | undefined): void {
  if (metadata === undefined || JSON.stringify(metadata).length <= MAX_METADATA_CHARS) return;
  const message = `must have at most ${MAX_METADATA_CHARS} characters as JSON`;
  throw new InvalidInputError([{ path: '/metadata', code: 'METADATA_TOO_LARGE', message }]);
}
