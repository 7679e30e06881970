import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { TriggersDto } from './triggers.dto.js';

const MAX_TOOLS = 128;
export const DEFAULT_TEMPERATURE = 0.1;

/** How an agent of a group works. On PATCH what is absent stays as it is. */
export class AgentPartDto {
  @ApiPropertyOptional({ type: String, maxLength: 100_000, default: '', description: 'What it is there for.' })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  role_prompt?: string;

  @ApiPropertyOptional({ type: String, maxLength: 100, nullable: true, description: "Default: its agent's own." })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  provider_id?: string | null;

  @ApiPropertyOptional({ type: String, maxLength: 200, nullable: true, description: "Default: its agent's own." })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  model?: string | null;

  @ApiPropertyOptional({
    type: Number,
    minimum: 0,
    maximum: 2,
    nullable: true,
    description: `Default: its agent's own, else ${DEFAULT_TEMPERATURE}.`,
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(2)
  temperature?: number | null;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', maxLength: 128 },
    maxItems: MAX_TOOLS,
    nullable: true,
    description: "Names of tools, as `GET /tools` lists them. Default: its agent's own.",
    example: ['calculator'],
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_TOOLS)
  @IsString({ each: true })
  @MaxLength(128, { each: true })
  tools?: string[] | null;

  @ApiPropertyOptional({
    type: TriggersDto,
    nullable: true,
    description: 'When it speaks without having been asked. Null: never.',
  })
  @IsOptional()
  @Type(() => TriggersDto)
  @IsObject()
  @ValidateNested()
  triggers?: TriggersDto | null;
}
