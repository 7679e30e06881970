import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Idempotent } from '../../../common/idempotency/idempotent.decorator.js';
import { ApiProblems } from '../../../common/openapi/api-problems.decorator.js';
import type { AuthenticatedUser } from '../../auth/authenticated-user.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { ScopedByMethod } from '../../auth/route-policy.js';
import { RunResultDto } from '../../execution/dto/run-response.dto.js';
import { RunAnswers } from '../../execution/run-answers.js';
import { CompressMemoryDto, SummarizeMemoryDto } from '../dto/summarize-memory.dto.js';
import { SummariesService } from './summaries.service.js';

const STARTED = { type: RunResultDto, description: 'Started' };
const ENDED = { type: RunResultDto, description: 'Ended while one waited: `output.summaries` are the topmost ones' };
const FORBIDDEN = 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED';

@ApiTags('memory')
@Controller('memory')
@ScopedByMethod()
export class SummariesController {
  constructor(
    private readonly summaries: SummariesService,
    private readonly answers: RunAnswers,
  ) {}

  @Post('summarize')
  @Idempotent()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Summarise what is remembered',
    description:
      'By a model where there is one, else by the beginnings of the originals, to which summaries are linked.',
  })
  @ApiAcceptedResponse(STARTED)
  @ApiOkResponse(ENDED)
  @ApiProblems({ 403: FORBIDDEN, 404: 'MEMORY_ITEM_NOT_FOUND, NAMESPACE_NOT_FOUND' })
  async summarize(
    @CurrentUser() user: AuthenticatedUser,
    @Body() body: SummarizeMemoryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RunResultDto> {
    return this.answers.started(reply, await this.summaries.summarize(user.id, body), body.wait_seconds);
  }

  @Post('compress')
  @Idempotent()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Put together what is old',
    description: 'Summaries stand for their originals in prompts. The originals are still found by asking.',
  })
  @ApiAcceptedResponse(STARTED)
  @ApiOkResponse(ENDED)
  @ApiProblems({ 403: FORBIDDEN, 404: 'NAMESPACE_NOT_FOUND' })
  async compress(
    @CurrentUser() user: AuthenticatedUser,
    @Body() body: CompressMemoryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RunResultDto> {
    return this.answers.started(reply, await this.summaries.compress(user.id, body), body.wait_seconds);
  }
}
