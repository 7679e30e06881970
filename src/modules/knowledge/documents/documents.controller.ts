import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Req, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiExtraModels,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { TakesForms } from '../../../common/http/multipart.js';
import { Idempotent } from '../../../common/idempotency/idempotent.decorator.js';
import { ParseIdPipe } from '../../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../../common/openapi/api-problems.decorator.js';
import type { Page } from '../../../common/paging/page.js';
import type { AuthenticatedUser } from '../../auth/authenticated-user.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { ScopedByMethod } from '../../auth/route-policy.js';
import {
  DocumentAcceptedDto,
  DocumentPageDto,
  DocumentResponseDto,
  toDocumentResponse,
} from '../dto/document-response.dto.js';
import { DocumentTextDto, DocumentTextQueryDto } from '../dto/document-text.dto.js';
import {
  CreateDocumentDto,
  DocumentContentDto,
  ListDocumentsDto,
  UpdateDocumentDto,
  UploadDocumentDto,
} from '../dto/save-document.dto.js';
import { DocumentFinder } from './document-finder.js';
import { DocumentIntake } from './document-intake.js';
import { DocumentsService } from './documents.service.js';

/** JSON, or a form with the file. */
const bodyOf = (json: typeof DocumentContentDto) => ({
  required: true,
  content: {
    'application/json': { schema: { $ref: getSchemaPath(json) } },
    'multipart/form-data': { schema: { $ref: getSchemaPath(UploadDocumentDto) } },
  },
});
const FORBIDDEN = 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED';
const TOO_LARGE = 'DOCUMENT_TOO_LARGE, KNOWLEDGE_FULL, BODY_TOO_LARGE';

@ApiTags('knowledge')
@Controller('knowledge/documents')
@ScopedByMethod()
@ApiExtraModels(CreateDocumentDto, DocumentContentDto, UploadDocumentDto)
export class DocumentsController {
  constructor(
    private readonly documents: DocumentsService,
    private readonly finder: DocumentFinder,
    private readonly intake: DocumentIntake,
  ) {}

  @Post()
  @Idempotent()
  @TakesForms()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Add a document',
    description:
      'As JSON, as a form with a `file`, or by the `path` of a file of the project. It is found once it is `ready`.',
    requestBody: bodyOf(CreateDocumentDto),
  })
  @ApiAcceptedResponse({ type: DocumentAcceptedDto })
  @ApiProblems({ 403: FORBIDDEN, 404: 'PROJECT_NOT_FOUND, FILE_NOT_FOUND', 413: TOO_LARGE })
  async create(
    @CurrentUser() user: AuthenticatedUser,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DocumentAcceptedDto> {
    const { sent, projectId } = await this.intake.takeNew(user.id, request);
    const accepted = await this.orDiscard(sent, () => this.documents.create(user.id, projectId, sent));
    void reply.header('x-run-id', accepted.run_id);
    return accepted;
  }

  @Get()
  @ApiOperation({ summary: 'List your documents and those of your projects, newest first' })
  @ApiOkResponse({ type: DocumentPageDto })
  async list(
    @CurrentUser() user: AuthenticatedUser,
    @Query() query: ListDocumentsDto,
  ): Promise<Page<DocumentResponseDto>> {
    await this.finder.settle(user.id);
    return this.documents.list(user.id, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A document, without its text' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: DocumentResponseDto })
  @ApiProblems({ 404: 'DOCUMENT_NOT_FOUND' })
  async get(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
  ): Promise<DocumentResponseDto> {
    await this.finder.settle(user.id);
    return toDocumentResponse(await this.documents.get(user.id, id));
  }

  @Get(':id/text')
  @ApiOperation({
    summary: 'The text that was extracted from a document',
    description: 'Positions of what a search finds are positions in it.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: DocumentTextDto })
  @ApiProblems({ 404: 'DOCUMENT_NOT_FOUND', 409: 'DOCUMENT_NOT_INDEXED' })
  async text(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Query() range: DocumentTextQueryDto,
  ): Promise<DocumentTextDto> {
    return this.finder.textOf(await this.documents.get(user.id, id), range);
  }

  @Put(':id')
  @TakesForms()
  @ApiOperation({
    summary: 'Replace the content of a document',
    description: 'Sent as a new one is. The title stays unless it is sent. What says the same is not indexed again.',
    requestBody: bodyOf(DocumentContentDto),
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: DocumentResponseDto })
  @ApiProblems({ 403: FORBIDDEN, 404: 'DOCUMENT_NOT_FOUND, FILE_NOT_FOUND', 413: TOO_LARGE })
  async replace(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Req() request: FastifyRequest,
  ): Promise<DocumentResponseDto> {
    const document = await this.documents.getToWrite(user.id, id);
    const sent = await this.intake.takeAgain(user.id, request, document);
    return toDocumentResponse(await this.orDiscard(sent, () => this.documents.replace(user.id, id, sent)));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change the title or the metadata of a document' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: DocumentResponseDto })
  @ApiProblems({ 403: FORBIDDEN, 404: 'DOCUMENT_NOT_FOUND' })
  async update(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Body() body: UpdateDocumentDto,
  ): Promise<DocumentResponseDto> {
    await this.documents.getToWrite(user.id, id);
    return toDocumentResponse(await this.documents.update(user.id, id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a document', description: 'It is not found any more; its indexing is cancelled.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'The document is removed' })
  @ApiProblems({ 403: FORBIDDEN, 404: 'DOCUMENT_NOT_FOUND' })
  remove(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<void> {
    return this.documents.remove(user.id, id);
  }

  private async orDiscard<T>(sent: Parameters<DocumentIntake['discard']>[0], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.intake.discard(sent);
      throw error;
    }
  }
}
