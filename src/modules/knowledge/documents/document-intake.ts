import { Injectable, type Type } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { InputValidationPipe } from '../../../common/http/input-validation.pipe.js';
import { type FormFile, isForm, readForm } from '../../../common/http/multipart.js';
import { AccessPolicy } from '../../projects/access-policy.js';
import { toWorkspacePath } from '../../projects/workspace/file-path.decorator.js';
import { WorkspaceReader } from '../../projects/workspace/workspace-reader.js';
import { CreateDocumentDto, DocumentContentDto } from '../dto/save-document.dto.js';
import { DocumentTooLargeError } from '../knowledge.errors.js';
import { type Bytes, DocumentContents, MAX_DOCUMENT_BYTES, type ReceivedContent } from './document-contents.js';
import {
  assertMetadata,
  type DescribedDocument,
  describeDocument,
  type FileFacts,
  keptOf,
  type SentDocument,
} from './sent-document.js';

/** The file, and more than what stands around it. */
const MAX_FORM_BYTES = MAX_DOCUMENT_BYTES + 2 * 1024 * 1024;

interface ReceivedFile extends FileFacts {
  readonly content: ReceivedContent;
}

/** Takes documents in: as a form with a file, as JSON with the content, or as the path of a file of a workspace. */
@Injectable()
export class DocumentIntake {
  private readonly pipe = new InputValidationPipe();

  constructor(
    private readonly contents: DocumentContents,
    private readonly workspace: WorkspaceReader,
    private readonly policy: AccessPolicy,
  ) {}

  /** @throws {InvalidInputError} @throws {DocumentTooLargeError} @throws {ProjectNotFoundError} @throws {NotAllowedError} */
  async takeNew(
    userId: string,
    request: FastifyRequest,
  ): Promise<{ readonly sent: SentDocument; readonly projectId: string | null }> {
    const { dto, file } = await this.read(userId, request, CreateDocumentDto);
    const projectId = dto.project_id?.toLowerCase() ?? null;
    return this.orDiscard(file, async () => {
      if (projectId !== null) await this.policy.assertMayIn(userId, 'write', projectId);
      return { sent: await this.complete(userId, dto, projectId, file), projectId };
    });
  }

  /** Of a document that there is: what is not told of it stays. */
  async takeAgain(userId: string, request: FastifyRequest, document: DescribedDocument): Promise<SentDocument> {
    const { dto, file } = await this.read(userId, request, DocumentContentDto);
    return this.orDiscard(file, () =>
      this.complete(userId, Object.assign(dto, keptOf(document, dto)), document.projectId, file),
    );
  }

  discard({ content }: Pick<SentDocument, 'content'>): Promise<void> {
    return this.contents.discard(content.id);
  }

  private async read<Dto extends object>(
    userId: string,
    request: FastifyRequest,
    metatype: Type<Dto>,
  ): Promise<{ readonly dto: Dto; readonly file: ReceivedFile | undefined }> {
    if (!isForm(request)) return { dto: await this.validated(request.body, metatype), file: undefined };
    if (Number(request.headers['content-length']) > MAX_FORM_BYTES) throw new DocumentTooLargeError(MAX_DOCUMENT_BYTES);
    const take = (file: FormFile) => this.receive(userId, file, file.content);
    const { fields, file } = await readForm(request, take, (taken) => this.discard(taken));
    if (file === undefined) throw new InvalidInputError([{ path: '/file', code: 'REQUIRED', message: 'is missing' }]);
    return this.orDiscard(file, async () => ({ dto: await this.validated(withMetadata(fields), metatype), file }));
  }

  private async validated<Dto extends object>(value: unknown, metatype: Type<Dto>): Promise<Dto> {
    const dto = await this.pipe.transform(value ?? {}, { type: 'body', metatype });
    return dto as Dto; // what the pipe makes of the class
  }

  private async complete(
    userId: string,
    dto: DocumentContentDto,
    projectId: string | null,
    file: ReceivedFile | undefined,
  ): Promise<SentDocument> {
    const { metadata } = dto;
    assertMetadata(metadata);
    assertOneSource(dto, file);
    if (file) return { ...describeDocument(dto, file), metadata, path: null, content: file.content };
    if (dto.path !== undefined) return this.fromWorkspace(userId, dto, dto.path, projectId);
    const described = describeDocument(dto, { name: dto.title ?? '', mimeType: 'text/plain' });
    const { content } = await this.receive(userId, FROM_JSON, [Buffer.from(dto.content ?? '')]);
    return { ...described, metadata, path: null, content };
  }

  private async fromWorkspace(
    userId: string,
    dto: DocumentContentDto,
    sentPath: string,
    projectId: string | null,
  ): Promise<SentDocument> {
    if (projectId === null) {
      throw new InvalidInputError([
        { path: '/project_id', code: 'REQUIRED', message: 'is missing: whose file is it?' },
      ]);
    }
    const path = toWorkspacePath(sentPath, '/path');
    const file = await this.workspace.get(userId, projectId, path);
    const described = describeDocument(dto, { name: path, mimeType: file.contentType });
    const { content } = await this.receive(userId, FROM_JSON, this.workspace.open(file.content));
    return { ...described, metadata: dto.metadata, path, content };
  }

  private async receive(userId: string, { name, mimeType }: FileFacts, bytes: Bytes): Promise<ReceivedFile> {
    return { name, mimeType, content: await this.contents.receive(userId, bytes) };
  }

  private async orDiscard<T>(file: ReceivedFile | undefined, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (file) await this.contents.discard(file.content.id);
      throw error;
    }
  }
}

const FROM_JSON: FileFacts = { name: '', mimeType: '' };

/** In a form, an object is sent as its JSON. */
function withMetadata(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { metadata } = fields;
  if (typeof metadata !== 'string') return fields;
  try {
    return { ...fields, metadata: JSON.parse(metadata) as unknown };
  } catch {
    throw new InvalidInputError([{ path: '/metadata', code: 'NOT_JSON', message: 'must be JSON' }]);
  }
}

function assertOneSource({ content, path }: DocumentContentDto, file: ReceivedFile | undefined): void {
  const sources = [file, content, path].filter((source) => source !== undefined).length;
  if (sources === 1) return;
  const fault =
    sources === 0
      ? { path: '/content', code: 'REQUIRED', message: 'is missing, and there is no path' }
      : { path: '/content', code: 'NOT_ALLOWED', message: 'a document has one source only' };
  throw new InvalidInputError([fault]);
}
