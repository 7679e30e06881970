import { Body, Controller, Delete, Get, HttpCode, Param, ParseIntPipe, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../../../common/openapi/api-problems.decorator.js';
import type { AuthenticatedUser } from '../../auth/authenticated-user.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { ScopedByMethod } from '../../auth/route-policy.js';
import type { ToolScope } from '../tool.js';
import {
  PromotedScopeDto,
  RollbackToolDto,
  ToolVersionDto,
  ToolVersionsDto,
  toVersion,
  toWholeVersion,
  WholeToolVersionDto,
} from './dto/promoted-version.dto.js';
import { MAX_VERSION } from './promoted-manifest.js';
import { PromotedTools } from './promoted-tools.service.js';

const NAME = {
  name: 'name',
  description: 'Of a promoted tool; the slash in it as `%2F`.',
  schema: { type: 'string', maxLength: 128 },
} as const;

@ApiTags('tools')
@Controller('tools')
@ScopedByMethod()
export class PromotedToolsController {
  constructor(private readonly tools: PromotedTools) {}

  @Get(':name/versions')
  @ApiOperation({ summary: 'The versions of a promoted tool' })
  @ApiParam(NAME)
  @ApiOkResponse({ type: ToolVersionsDto })
  @ApiProblems({ 404: 'TOOL_NOT_FOUND, PROJECT_NOT_FOUND' })
  async list(
    @CurrentUser() user: AuthenticatedUser,
    @Param('name') name: string,
    @Query() query: PromotedScopeDto,
  ): Promise<ToolVersionsDto> {
    const versions = await this.tools.list(scopeOf(user, query), name);
    return { items: versions.map(toVersion), next_cursor: null };
  }

  @Get(':name/versions/:version')
  @ApiOperation({ summary: 'A version of a promoted tool, with its code and examples' })
  @ApiParam(NAME)
  @ApiParam({ name: 'version', schema: { type: 'integer', minimum: 1, maximum: MAX_VERSION } })
  @ApiOkResponse({ type: WholeToolVersionDto })
  @ApiProblems({ 404: 'TOOL_NOT_FOUND, TOOL_VERSION_NOT_FOUND, PROJECT_NOT_FOUND' })
  async get(
    @CurrentUser() user: AuthenticatedUser,
    @Param('name') name: string,
    @Param('version', ParseIntPipe) version: number,
    @Query() query: PromotedScopeDto,
  ): Promise<WholeToolVersionDto> {
    return toWholeVersion(await this.tools.get(scopeOf(user, query), name, version));
  }

  @Post(':name/rollback')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Put another version of a promoted tool in force',
    description: 'For the next call in every process, also of runs that have begun.',
  })
  @ApiParam(NAME)
  @ApiOkResponse({ type: ToolVersionDto })
  @ApiProblems({
    403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED',
    404: 'TOOL_NOT_FOUND, TOOL_VERSION_NOT_FOUND, PROJECT_NOT_FOUND',
  })
  async rollBack(
    @CurrentUser() user: AuthenticatedUser,
    @Param('name') name: string,
    @Query() query: PromotedScopeDto,
    @Body() { version }: RollbackToolDto,
  ): Promise<ToolVersionDto> {
    return toVersion(await this.tools.rollBack(scopeOf(user, query), name, version));
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a promoted tool with all its versions' })
  @ApiParam(NAME)
  @ApiNoContentResponse({ description: 'The tool is gone' })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'TOOL_NOT_FOUND, PROJECT_NOT_FOUND' })
  remove(
    @CurrentUser() user: AuthenticatedUser,
    @Param('name') name: string,
    @Query() query: PromotedScopeDto,
  ): Promise<void> {
    return this.tools.remove(scopeOf(user, query), name);
  }
}

function scopeOf({ id }: AuthenticatedUser, { project_id: projectId }: PromotedScopeDto): ToolScope {
  return { ownerId: id, projectId: projectId?.toLowerCase() ?? null };
}
