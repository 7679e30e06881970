import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Idempotent } from '../../../common/idempotency/idempotent.decorator.js';
import { ParseIdPipe } from '../../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../../common/openapi/api-problems.decorator.js';
import type { Page } from '../../../common/paging/page.js';
import { PageQueryDto } from '../../../common/paging/page-query.dto.js';
import type { AuthenticatedUser } from '../authenticated-user.js';
import { CurrentUser } from '../current-user.decorator.js';
import { NeedsScope } from '../route-policy.js';
import { ApiKeyPageDto, ApiKeyResponseDto, CreateApiKeyDto, NewApiKeyResponseDto } from './api-key.dto.js';
import { ApiKeysService } from './api-keys.service.js';

/** A key makes no keys: who steals one could make itself at home. */
@ApiTags('api-keys')
@Controller('api-keys')
@NeedsScope('session')
@ApiProblems({ 403: 'CSRF, SCOPE_MISSING' })
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Create an API key', description: 'Its secret is shown only in this answer.' })
  @ApiCreatedResponse({ type: NewApiKeyResponseDto })
  @ApiProblems({ 409: 'TOO_MANY_API_KEYS' })
  create(@CurrentUser() user: AuthenticatedUser, @Body() body: CreateApiKeyDto): Promise<NewApiKeyResponseDto> {
    return this.keys.create(user.id, body);
  }

  @Get()
  @ApiOperation({ summary: 'List your API keys, newest first', description: 'Without their secrets.' })
  @ApiOkResponse({ type: ApiKeyPageDto })
  list(@CurrentUser() user: AuthenticatedUser, @Query() page: PageQueryDto): Promise<Page<ApiKeyResponseDto>> {
    return this.keys.list(user.id, page);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Revoke an API key', description: 'It stops working everywhere within a second.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'The key is gone' })
  @ApiProblems({ 404: 'API_KEY_NOT_FOUND' })
  remove(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<void> {
    return this.keys.remove(user.id, id);
  }
}
