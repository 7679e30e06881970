import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsInt,
  IsISO8601,
  IsObject,
  IsOptional,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { NamespaceDto } from './save-memory.dto.js';

const MAX_IDS = 500;

class WaitingDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 600, default: 0, description: 'Wait for the end' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(600)
  wait_seconds: number = 0;
}

/** One of the three. */
export class SummarizeMemoryDto extends WaitingDto {
  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'string', format: 'uuid' },
    minItems: 1,
    maxItems: MAX_IDS,
    description: 'Of items. Those of different namespaces are summarised apart.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MAX_IDS)
  @IsUUID(undefined, { each: true })
  ids?: string[];

  @ApiPropertyOptional({ type: NamespaceDto, description: 'What is in no summary yet' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NamespaceDto)
  namespace?: NamespaceDto;

  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    description: 'What is remembered of a conversation, and is in no summary yet',
  })
  @IsOptional()
  @IsUUID()
  session_id?: string;
}

export class CompressMemoryDto extends WaitingDto {
  @ApiProperty({ type: NamespaceDto })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => NamespaceDto)
  namespace: NamespaceDto;

  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'Only what was saved before. Default: 30 days ago.',
    example: '2026-05-01T00:00:00Z',
  })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  older_than?: string;
}
