import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { Idempotent } from '../../common/idempotency/idempotent.decorator.js';
import { ParseIdPipe } from '../../common/ids/parse-id.pipe.js';
import { ApiProblems } from '../../common/openapi/api-problems.decorator.js';
import type { Page } from '../../common/paging/page.js';
import { PageQueryDto } from '../../common/paging/page-query.dto.js';
import type { AuthenticatedUser } from '../auth/authenticated-user.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { ScopedByMethod } from '../auth/route-policy.js';
import { CharactersService } from './characters.service.js';
import { CharacterPageDto, CharacterResponseDto, toCharacterResponse } from './dto/character-response.dto.js';
import { CreateCharacterDto, UpdateCharacterDto } from './dto/save-character.dto.js';

@ApiTags('characters')
@Controller('characters')
@ScopedByMethod()
export class CharactersController {
  constructor(private readonly characters: CharactersService) {}

  @Post()
  @Idempotent()
  @ApiOperation({ summary: 'Save a new character' })
  @ApiCreatedResponse({ type: CharacterResponseDto })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'PROJECT_NOT_FOUND' })
  async create(
    @CurrentUser() user: AuthenticatedUser,
    @Body() body: CreateCharacterDto,
  ): Promise<CharacterResponseDto> {
    return toCharacterResponse(await this.characters.create(user.id, body));
  }

  @Get()
  @ApiOperation({ summary: 'List your characters and those of your projects, newest first' })
  @ApiOkResponse({ type: CharacterPageDto })
  list(@CurrentUser() user: AuthenticatedUser, @Query() page: PageQueryDto): Promise<Page<CharacterResponseDto>> {
    return this.characters.list(user.id, page);
  }

  @Get(':id')
  @ApiOperation({ summary: 'A character' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: CharacterResponseDto })
  @ApiProblems({ 404: 'CHARACTER_NOT_FOUND' })
  async get(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
  ): Promise<CharacterResponseDto> {
    return toCharacterResponse(await this.characters.get(user.id, id));
  }

  @Patch(':id')
  @ApiOperation({ summary: 'Change parts of a character', description: 'Runs that have begun keep what it was.' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: CharacterResponseDto })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'CHARACTER_NOT_FOUND' })
  async update(
    @CurrentUser() user: AuthenticatedUser,
    @Param('id', ParseIdPipe) id: string,
    @Body() body: UpdateCharacterDto,
  ): Promise<CharacterResponseDto> {
    return toCharacterResponse(await this.characters.update(user.id, id, body));
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a character' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiNoContentResponse({ description: 'The character is gone' })
  @ApiProblems({ 403: 'CSRF, SCOPE_MISSING, ROLE_NOT_ALLOWED', 404: 'CHARACTER_NOT_FOUND' })
  remove(@CurrentUser() user: AuthenticatedUser, @Param('id', ParseIdPipe) id: string): Promise<void> {
    return this.characters.remove(user.id, id);
  }
}
