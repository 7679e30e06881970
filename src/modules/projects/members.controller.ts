import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ParseIdPipe } from '../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import type { Page } from '../../common/paging/page.js';
import { PageQueryDto } from '../../common/paging/page-query.dto.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { ScopedByMethod } from '../auth/route-policy.js';
import { MemberPageDto, MemberResponseDto, SaveMemberDto } from './dto/member.dto.js';
import { MembersService } from './members.service.js';

@ApiTags('projects')
@Controller('projects/:id/members')
@ScopedByMethod()
@ApiParam({ name: 'id', format: 'uuid' })
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @ApiOperation({ summary: 'List the members of a project, those who joined first first' })
  @ApiOkResponse({ type: MemberPageDto })
  @ApiProblems({ 404: 'PROJECT_NOT_FOUND' })
  list(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Query() page: PageQueryDto,
  ): Promise<Page<MemberResponseDto>> {
    return this.members.list(user.id, id, page);
  }

  @Get(':user_id')
  @ApiOperation({ summary: 'A member of a project', description: 'For its owners, and for the member.' })
  @ApiParam({ name: 'user_id', format: 'uuid' })
  @ApiOkResponse({ type: MemberResponseDto })
  @ApiProblems({ 403: 'SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'PROJECT_NOT_FOUND, MEMBER_NOT_FOUND' })
  get(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Param('user_id', ParseIdPipe) userId: string,
  ): Promise<MemberResponseDto> {
    return this.members.get(user.id, id, userId);
  }

  @Put(':user_id')
  @ApiOperation({ summary: 'Add a member, or give one another role', description: 'For owners of the project.' })
  @ApiParam({ name: 'user_id', format: 'uuid' })
  @ApiOkResponse({ type: MemberResponseDto })
  @ApiProblems({
    403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED',
    404: 'PROJECT_NOT_FOUND, USER_NOT_FOUND',
    409: 'LAST_OWNER',
  })
  put(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Param('user_id', ParseIdPipe) userId: string,
    @Body() { role }: SaveMemberDto,
  ): Promise<MemberResponseDto> {
    return this.members.put(user.id, id, userId, role);
  }

  @Delete(':user_id')
  @HttpCode(204)
  @ApiOperation({
    summary: 'Remove a member',
    description: 'For owners of the project. What the member follows of it ends within a second.',
  })
  @ApiParam({ name: 'user_id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'No longer a member' })
  @ApiProblems({
    403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED',
    404: 'PROJECT_NOT_FOUND, MEMBER_NOT_FOUND',
    409: 'LAST_OWNER',
  })
  remove(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Param('user_id', ParseIdPipe) userId: string,
  ): Promise<void> {
    return this.members.remove(user.id, id, userId);
  }
}
