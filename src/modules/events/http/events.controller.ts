import { Controller, Get, Headers, Param, Query, Req, Res } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiProblems } from '../../../common/openapi/api-problems.decorator.js';
import { ParseIdPipe } from '../../../common/ids/parse-id.pipe.js';
import type { AuthenticatedUser } from '../../auth/authenticated-user.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { AcceptsQueryToken, NeedsScope } from '../../auth/route-policy.js';
import { streamName } from '../../streams/stream-name.js';
import { EventsPageDto } from './events-page.dto.js';
import { EventsQueryDto, RunEventsQueryDto } from './events-query.dto.js';
import { EventsService } from './events.service.js';

const EVENTS_ANSWER = {
  description: 'A page of events; with `Accept: text/event-stream` all of them and then those to come',
  content: {
    'application/json': { schema: { $ref: getSchemaPath(EventsPageDto) } },
    'text/event-stream': { schema: { type: 'string' as const } },
  },
};
const OVER = { status: 204, description: 'The run has ended and there is nothing after `Last-Event-ID`' };
const LAST_EVENT_ID = {
  name: 'Last-Event-ID',
  required: false,
  description: 'Wins over `after`',
  schema: { type: 'string', maxLength: 20 },
};

@ApiTags('events')
@ApiExtraModels(EventsPageDto)
@Controller()
@NeedsScope('read')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get('runs/:id/events')
  @AcceptsQueryToken()
  @ApiOperation({ summary: 'Read the events of a run, as a page or as server-sent events' })
  @ApiOkResponse(EVENTS_ANSWER)
  @ApiResponse(OVER)
  @ApiHeader(LAST_EVENT_ID)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiProblems({ 404: 'STREAM_NOT_FOUND' })
  listOfRun(
    @Param('id', ParseIdPipe) id: string,
    @Query() query: RunEventsQueryDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentUser() user: AuthenticatedUser,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.events.answer({ stream: streamName('run', id), query, lastEventId, user }, request, reply);
  }

  @Get('events')
  @AcceptsQueryToken()
  @ApiOperation({ summary: 'Read the events of any stream, as a page or as server-sent events' })
  @ApiOkResponse(EVENTS_ANSWER)
  @ApiResponse(OVER)
  @ApiHeader(LAST_EVENT_ID)
  @ApiProblems({ 404: 'STREAM_NOT_FOUND' })
  list(
    @Query() query: EventsQueryDto,
    @Headers('last-event-id') lastEventId: string | undefined,
    @CurrentUser() user: AuthenticatedUser,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.events.answer({ stream: query.stream.toLowerCase(), query, lastEventId, user }, request, reply);
  }
}
