import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { DEFAULT_MAX_ITERATIONS } from '../definitions/agent-definition.js';

export const MAX_TOOLS = 128;
export const MAX_DELEGATES = 32;
const MAX_FALLBACKS = 5;

export class AgentFallbackDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: 100, example: 'openai' })
  @IsString()
  @Length(1, 100)
  provider_id: string;

  @ApiPropertyOptional({ type: String, maxLength: 200, nullable: true, description: "Default: the provider's own." })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  model?: string | null;
}

export class AgentMemoryDto {
  @ApiPropertyOptional({ type: Boolean, default: false })
  @IsOptional()
  @IsBoolean()
  recall?: boolean;

  @ApiPropertyOptional({ type: Boolean, default: false })
  @IsOptional()
  @IsBoolean()
  write?: boolean;
}

class AgentModelDto {
  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 200, default: 'Untitled agent', example: 'Researcher' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(/\S/, { message: 'must not be blank' })
  name?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: 10_000,
    default: '',
    description: 'What it is good for. Agents that may delegate to it read this.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  description?: string;

  @ApiPropertyOptional({ type: String, maxLength: 100, nullable: true, description: "Default: the installation's." })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  provider_id?: string | null;

  @ApiPropertyOptional({ type: String, maxLength: 200, nullable: true, description: "Default: the provider's own." })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  model?: string | null;

  @ApiPropertyOptional({ type: [AgentFallbackDto], maxItems: MAX_FALLBACKS, description: 'Asked in order.' })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_FALLBACKS)
  @Type(() => AgentFallbackDto)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  fallbacks?: AgentFallbackDto[];

  @ApiPropertyOptional({ type: Number, minimum: 0, maximum: 2, nullable: true })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(2)
  temperature?: number | null;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100_000, nullable: true })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100_000)
  max_output_tokens?: number | null;
}

/** What an agent is. On create what is absent gets its default, on PATCH it stays as it is. */
export class AgentFieldsDto extends AgentModelDto {
  @ApiPropertyOptional({ type: String, maxLength: 100_000, default: '' })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  system_prompt?: string;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', maxLength: 128 },
    maxItems: MAX_TOOLS,
    description: 'Names of tools, as `GET /tools` lists them.',
    example: ['calculator'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TOOLS)
  @IsString({ each: true })
  @MaxLength(128, { each: true })
  tools?: string[];

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    maxItems: MAX_DELEGATES,
    description: 'Agents that it may hand work to.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_DELEGATES)
  @IsUUID(undefined, { each: true })
  delegates?: string[];

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 100,
    default: DEFAULT_MAX_ITERATIONS,
    description: 'Model calls that may ask for tools; after them one more concludes without.',
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  max_iterations?: number;

  @ApiPropertyOptional({ type: AgentMemoryDto, description: 'Off unless switched on.' })
  @IsOptional()
  @Type(() => AgentMemoryDto)
  @IsObject()
  @ValidateNested()
  memory?: AgentMemoryDto;

  @ApiPropertyOptional({ type: Boolean, default: true, description: 'Whether your rules of behaviour hold for it.' })
  @IsOptional()
  @IsBoolean()
  behavior?: boolean;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description: 'JSON Schema (2020-12) of an object that it is to answer with, at most 64 KB. Null: plain text.',
    example: { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] },
  })
  @IsOptional()
  @IsObject()
  output_schema?: Record<string, unknown> | null;
}
