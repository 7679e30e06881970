import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Idempotent } from '../../../common/idempotency/idempotent.decorator.js';
import { ParseIdPipe } from '../../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../../common/openapi/api-problems.decorator.js';
import type { Page } from '../../../common/paging/page.js';
import type { AuthenticatedUser } from '../../auth/authenticated-user.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { NeedsScope } from '../../auth/route-policy.js';
import { RunWaiter } from '../../execution/run-waiter.js';
import { isEnded } from '../../execution/run-view.js';
import {
  GroupMessageDto,
  GroupMessagePageDto,
  ListMessagesDto,
  PostedMessageDto,
  PostMessageDto,
  StoppedDto,
} from '../dto/message.dto.js';
import { MessageReader } from './message-reader.service.js';
import { MessagesService, type PostedMessage } from './messages.service.js';
import { TurnStops } from './turn-stops.service.js';

@ApiTags('groups')
@Controller('groups/:id')
export class MessagesController {
  constructor(
    private readonly messages: MessagesService,
    private readonly stops: TurnStops,
    private readonly reader: MessageReader,
    private readonly waiter: RunWaiter,
  ) {}

  @Post('messages')
  @NeedsScope('run')
  @Idempotent()
  @HttpCode(202)
  @ApiOperation({ summary: 'Say something in a group', description: 'The agents answer in a turn of their own.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiAcceptedResponse({ type: PostedMessageDto, description: 'Stored, and the turn is in line' })
  @ApiOkResponse({ type: PostedMessageDto, description: 'The turn ended while one waited, well or badly' })
  @ApiProblems({
    403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED',
    404: 'GROUP_NOT_FOUND, GROUP_MESSAGE_NOT_FOUND',
    409: 'TURN_RUNNING',
  })
  async post(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Body() { wait_seconds: waitSeconds = 0, ...body }: PostMessageDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PostedMessageDto> {
    const posted = await this.messages.post(user.id, id, body);
    return this.answer(posted, waitSeconds, reply);
  }

  @Get('messages')
  @NeedsScope('read')
  @ApiOperation({ summary: 'What was said in a group, newest first' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: GroupMessagePageDto })
  @ApiProblems({ 404: 'GROUP_NOT_FOUND' })
  list(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Query() query: ListMessagesDto,
  ): Promise<Page<GroupMessageDto>> {
    return this.reader.list(user.id, id, query);
  }

  @Post('stop')
  @NeedsScope('run')
  @Idempotent()
  @HttpCode(202)
  @ApiOperation({ summary: 'Stop the turn of a group, and those in line' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiAcceptedResponse({ type: StoppedDto })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'GROUP_NOT_FOUND' })
  async stop(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<StoppedDto> {
    return { turn_ids: await this.stops.stop(user.id, id) };
  }

  private async answer(
    { messageId, turn }: PostedMessage,
    waitSeconds: number,
    reply: FastifyReply,
  ): Promise<PostedMessageDto> {
    const posted = { message_id: messageId, turn_id: turn?.id ?? null, run_id: turn?.runId ?? null };
    if (!turn) return posted;
    void reply.header('x-run-id', turn.runId);
    // It has just been put in line: who does not wait is answered without asking.
    if (waitSeconds === 0) return { ...posted, status: 'queued' };
    const { status } = await this.waiter.wait(turn.runId, waitSeconds);
    if (!isEnded(status)) return { ...posted, status };
    void reply.status(200);
    return { ...posted, status, messages: await this.reader.ofTurn(turn.id) };
  }
}
