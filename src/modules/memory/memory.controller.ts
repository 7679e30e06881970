import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { Idempotent } from '../../common/idempotency/idempotent.decorator.js';
import { ParseIdPipe } from '../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { ScopedByMethod } from '../auth/route-policy.js';
import { MemoryHitsDto, MemoryItemDto } from './dto/memory-item.dto.js';
import { MemoryQueryDto, toWish } from './dto/memory-query.dto.js';
import { MemoryQueryPipe } from './dto/memory-query.pipe.js';
import { SaveMemoryDto, UpdateMemoryDto } from './dto/save-memory.dto.js';
import { toChanges, toFields, toNamespace } from './dto/to-fields.js';
import { ItemViews } from './items/item-views.js';
import { MemoryItems } from './items/memory-items.service.js';
import { MemorySearch } from './search/memory-search.service.js';

@ApiTags('memory')
@Controller('memory')
@ScopedByMethod()
export class MemoryController {
  constructor(
    private readonly items: MemoryItems,
    private readonly memory: MemorySearch,
    private readonly views: ItemViews,
  ) {}

  @Post('save')
  @Idempotent()
  @ApiOperation({ summary: 'Remember something' })
  @ApiCreatedResponse({ type: MemoryItemDto })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'NAMESPACE_NOT_FOUND' })
  async save(@CurrentUser() user: AuthenticatedUser, @Body() body: SaveMemoryDto): Promise<MemoryItemDto> {
    return this.views.answerOf(await this.items.save(user.id, toNamespace(user.id, body), toFields(body)));
  }

  @Get('query')
  @ApiOperation({
    summary: 'Find what is remembered',
    description: 'Whole questions are welcome: any of their words may match, other forms of them too.',
  })
  @ApiQuery({ type: MemoryQueryDto })
  @ApiOkResponse({ type: MemoryHitsDto })
  @ApiProblems({ 404: 'NAMESPACE_NOT_FOUND' })
  async query(@CurrentUser() user: AuthenticatedUser, @Query(MemoryQueryPipe) query: unknown): Promise<MemoryHitsDto> {
    const hits = await this.memory.search(user.id, toWish(query as MemoryQueryDto));
    const views = await this.views.ofAll(hits.map(({ item }) => item));
    const items = hits.flatMap(({ score, scores }, at) => {
      const view = views[at];
      return view ? [{ item: this.views.hitOf(view), score, scores: { ...scores } }] : [];
    });
    return { items };
  }

  @Get('items/:id')
  @ApiOperation({ summary: 'An item of memory' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: MemoryItemDto })
  @ApiProblems({ 404: 'MEMORY_ITEM_NOT_FOUND' })
  async get(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<MemoryItemDto> {
    return this.views.answerOf(await this.items.get(user.id, id));
  }

  @Patch('items/:id')
  @ApiOperation({
    summary: 'Change parts of an item',
    description: 'Summaries of what it said are not recalled any more.',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: MemoryItemDto })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'MEMORY_ITEM_NOT_FOUND' })
  async update(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Body() body: UpdateMemoryDto,
  ): Promise<MemoryItemDto> {
    return this.views.answerOf(await this.items.update(user.id, id, toChanges(body)));
  }

  @Delete('items/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Forget something', description: 'Summaries of it are not recalled any more.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'The item is gone' })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'MEMORY_ITEM_NOT_FOUND' })
  remove(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<void> {
    return this.items.remove(user.id, id);
  }
}
