import { Controller, Get, Headers, Param, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ParseIdPipe } from '../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { ScopedByMethod } from '../auth/route-policy.js';
import { ArtifactsService } from './artifacts.service.js';

@ApiTags('artifacts')
@Controller('artifacts')
@ScopedByMethod()
export class ArtifactsController {
  constructor(private readonly artifacts: ArtifactsService) {}

  @Get(':id')
  @ApiOperation({ summary: 'The bytes of an artifact', description: 'They never change: `If-None-Match` answers 304.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiProduces('image/png', 'image/jpeg', 'image/webp', 'image/gif')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  @ApiResponse({ status: 304, description: 'Unchanged' })
  @ApiProblems({ 404: 'ARTIFACT_NOT_FOUND' })
  async get(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Headers('if-none-match') known: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile | undefined> {
    const { contentType, sizeBytes, sha256 } = await this.artifacts.get(user.id, id);
    const etag = `"${sha256}"`;
    void reply.header('etag', etag).header('cache-control', 'private, max-age=31536000, immutable');
    if (isKnown(etag, known)) return void reply.status(304);
    void reply.header('x-content-type-options', 'nosniff');
    const content = await this.artifacts.getContent(user.id, id);
    return new StreamableFile(content, { type: contentType, length: sizeBytes });
  }
}

/** RFC 9110, 13.1.2: a list of tags, weak or strong, or `*`. */
function isKnown(etag: string, ifNoneMatch = ''): boolean {
  const tags = ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return tags.includes(etag) || tags.includes('*');
}
