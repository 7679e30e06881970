import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Idempotent } from '../../common/idempotency/idempotent.decorator.js';
import { ParseIdPipe } from '../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { NeedsScope } from '../auth/route-policy.js';
import { RunAnswers } from '../execution/run-answers.js';
import { RunFlowDto, StartExecutionDto } from './dto/start-flow-run.dto.js';
import { StartedRunResponseDto } from './dto/started-run-response.dto.js';
import { FlowRunsService } from './flow-runs.service.js';

@ApiTags('flows')
@Controller()
@NeedsScope('run')
export class FlowRunsController {
  constructor(
    private readonly runs: FlowRunsService,
    private readonly answers: RunAnswers,
  ) {}

  @Post('flows/:id/run')
  @Idempotent()
  @HttpCode(202)
  @ApiOperation({ summary: 'Run a stored flow' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiAcceptedResponse({ type: StartedRunResponseDto, description: 'Started' })
  @ApiOkResponse({ type: StartedRunResponseDto, description: 'Ended while one waited, well or badly' })
  @ApiProblems({
    400: 'FLOW_INVALID',
    403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED',
    404: 'FLOW_NOT_FOUND, RUN_NOT_FOUND, PROJECT_NOT_FOUND',
  })
  run(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Body() body: RunFlowDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StartedRunResponseDto> {
    return this.start(user, Object.assign(new StartExecutionDto(), body, { flow_id: id }), reply);
  }

  @Post('execution/run')
  @Idempotent()
  @HttpCode(202)
  @ApiOperation({ summary: 'Run a stored flow, a draft of one, or a graph that nobody has saved' })
  @ApiAcceptedResponse({ type: StartedRunResponseDto, description: 'Started' })
  @ApiOkResponse({ type: StartedRunResponseDto, description: 'Ended while one waited, well or badly' })
  @ApiProblems({
    400: 'FLOW_INVALID',
    403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED',
    404: 'FLOW_NOT_FOUND, RUN_NOT_FOUND, PROJECT_NOT_FOUND',
  })
  async start(
    @CurrentUser() user: AuthenticatedUser,
    @Body() body: StartExecutionDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StartedRunResponseDto> {
    const { runId, reused } = await this.runs.start(user, body);
    const started = await this.answers.started(reply, runId, body.wait_seconds ?? 0);
    return Object.assign(started, { reused: [...reused] });
  }
}
