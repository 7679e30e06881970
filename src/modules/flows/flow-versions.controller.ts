import { Controller, Get, HttpCode, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ParseIdPipe } from '../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import type { Page } from '../../common/paging/page.js';
import { PageQueryDto } from '../../common/paging/page-query.dto.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { ScopedByMethod } from '../auth/route-policy.js';
import { FlowResponseDto, toFlowResponse } from './dto/flow-response.dto.js';
import {
  FlowVersionPageDto,
  FlowVersionResponseDto,
  type FlowVersionSummaryDto,
  toVersionResponse,
} from './dto/flow-version.dto.js';
import { FlowVersionsService } from './flow-versions.service.js';
import { FlowsService } from './flows.service.js';

@ApiTags('flows')
@Controller('flows/:id/versions')
@ScopedByMethod()
@ApiProblems({ 404: 'FLOW_NOT_FOUND, FLOW_VERSION_NOT_FOUND' })
export class FlowVersionsController {
  constructor(
    private readonly versions: FlowVersionsService,
    private readonly flows: FlowsService,
  ) {}

  @Get()
  @ApiOperation({ summary: 'List the versions of a flow, newest first', description: 'Without their nodes and edges.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: FlowVersionPageDto })
  list(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Query() page: PageQueryDto,
  ): Promise<Page<FlowVersionSummaryDto>> {
    return this.versions.list(user.id, id, page);
  }

  @Get(':version')
  @ApiOperation({ summary: 'What a flow was at a version' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiParam({ name: 'version', schema: { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 } })
  @ApiOkResponse({ type: FlowVersionResponseDto })
  async get(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Param('version', ParseIntPipe) version: number,
  ): Promise<FlowVersionResponseDto> {
    return toVersionResponse(await this.versions.get(user.id, id, version));
  }

  @Post(':version/restore')
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED' })
  @HttpCode(200)
  @ApiOperation({
    summary: 'Make a flow what it was at a version',
    description: 'As a new version, unless it is that.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiParam({ name: 'version', schema: { type: 'integer', minimum: 1, maximum: 2 ** 31 - 1 } })
  @ApiOkResponse({ type: FlowResponseDto })
  async restore(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Param('version', ParseIntPipe) version: number,
  ): Promise<FlowResponseDto> {
    return toFlowResponse(await this.flows.restore(user.id, await this.versions.get(user.id, id, version)));
  }
}
