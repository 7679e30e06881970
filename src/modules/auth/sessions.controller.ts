import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ParseIdPipe } from '../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import type { Page } from '../../common/paging/page.js';
import { PageQueryDto } from '../../common/paging/page-query.dto.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { CurrentUser } from './current-user.decorator.js';
import { ChangePasswordDto } from './dto/change-password.dto.js';
import { SessionPageDto, type SessionResponseDto, toSessionResponse } from './dto/session.dto.js';
import { PasswordChangeService } from './password-change.service.js';
import { NeedsScope } from './route-policy.js';
import { SessionsService } from './sessions.service.js';

@ApiTags('auth')
@Controller('auth')
@NeedsScope('session')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly passwords: PasswordChangeService,
  ) {}

  @Get('sessions')
  @ApiOperation({ summary: 'List your sessions, newest first' })
  @ApiOkResponse({ type: SessionPageDto })
  @ApiProblems({ 403: 'SCOPE_MISSING' })
  async list(@CurrentUser() user: AuthenticatedUser, @Query() query: PageQueryDto): Promise<Page<SessionResponseDto>> {
    const page = await this.sessions.list(user.id, query);
    return { ...page, items: page.items.map((session) => toSessionResponse(session, user.sessionId)) };
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End one of your sessions', description: 'Everywhere, within a second.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'The session has ended' })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING', 404: 'SESSION_NOT_FOUND' })
  remove(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<void> {
    return this.sessions.revokeOf(user.id, id);
  }

  @Post('password')
  @HttpCode(204)
  @ApiOperation({ summary: 'Change your password', description: 'All your other sessions end.' })
  @ApiNoContentResponse({ description: 'The password has changed' })
  @ApiProblems({
    401: 'UNAUTHORIZED, TOKEN_EXPIRED, SESSION_ENDED, WRONG_REALM, INVALID_CREDENTIALS',
    403: 'CSRF, SCOPE_MISSING',
    429: 'TOO_MANY_ATTEMPTS',
  })
  changePassword(
    @CurrentUser() user: AuthenticatedUser,
    @Body() { current_password: present, new_password: next }: ChangePasswordDto,
  ): Promise<void> {
    return this.passwords.change(user, present, next);
  }
}
