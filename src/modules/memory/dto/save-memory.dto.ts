import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsDefined,
  IsIn,
  IsISO8601,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { MEMORY_KINDS, type MemoryKind } from '../memory-kind.js';
import { NAMESPACE_SCOPES, type NamespaceScope } from '../namespace.js';
import { SolutionDto } from './solution.dto.js';
import { IsSmallJson, MAX_METADATA_CHARS } from './small-json.js';

export const MAX_CONTENT = 100_000;
const MAX_TAGS = 50;
const MAX_TAG_LENGTH = 100;

export class NamespaceDto {
  @ApiProperty({ type: String, enum: NAMESPACE_SCOPES })
  @IsIn(NAMESPACE_SCOPES)
  scope: NamespaceScope;

  @ApiProperty({ type: String, format: 'uuid', description: 'Of the user, project, agent or session' })
  @IsUUID()
  id: string;
}

export class SaveMemoryDto {
  @ApiPropertyOptional({
    type: String,
    enum: MEMORY_KINDS,
    default: 'user_data',
    description: 'With a `solution`: by default `solution`.',
  })
  @IsOptional()
  @IsIn(MEMORY_KINDS)
  kind?: MemoryKind;

  @ApiPropertyOptional({ type: NamespaceDto, description: 'For what it is remembered. Default: for you.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NamespaceDto)
  namespace?: NamespaceDto;

  @ApiPropertyOptional({
    type: String,
    minLength: 1,
    maxLength: MAX_CONTENT,
    description: 'What it is found by. It may be left out only where there is a `solution`: it is made of that then.',
    example: 'Ada likes tea.',
  })
  @ValidateIf(({ content, solution }: SaveMemoryDto) => content !== undefined || !solution)
  @IsDefined()
  @IsString()
  @Length(1, MAX_CONTENT)
  content?: string;

  @ApiPropertyOptional({ type: SolutionDto, description: 'Of the kind `solution`: what solved which problem.' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SolutionDto)
  solution?: SolutionDto;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: MAX_TAG_LENGTH },
    maxItems: MAX_TAGS,
    default: [],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TAGS)
  @IsString({ each: true })
  @Length(1, MAX_TAG_LENGTH, { each: true })
  tags?: string[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    default: {},
    description: `Any JSON, up to ${MAX_METADATA_CHARS} characters. Of a turn of a conversation: \`speaker\`, \`session_id\`, \`turn\` (its number) and \`at\` (when); searches make use of them.`,
  })
  @IsOptional()
  @IsObject()
  @IsSmallJson()
  metadata?: Record<string, unknown>;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', minLength: 1, maxLength: MAX_TAG_LENGTH },
    maxItems: MAX_TAGS,
    default: [],
    description: 'What personal data it has, such as `email`',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TAGS)
  @IsString({ each: true })
  @Length(1, MAX_TAG_LENGTH, { each: true })
  pii?: string[];

  @ApiPropertyOptional({ type: Number, minimum: 0, maximum: 1, default: 0.5 })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  importance?: number;

  @ApiPropertyOptional({ type: Boolean, default: false, description: 'Retention leaves it alone.' })
  @IsOptional()
  @IsBoolean()
  pinned?: boolean;

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, default: null })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  expires_at?: string | null;
}

export class UpdateMemoryDto extends PartialType(OmitType(SaveMemoryDto, ['kind', 'namespace'] as const)) {}
