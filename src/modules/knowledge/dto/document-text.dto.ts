import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { MAX_TEXT_LENGTH } from '../parsing/text-builder.js';

const MAX_SHOWN_LENGTH = 200_000;

export class DocumentTextQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: MAX_TEXT_LENGTH, default: 0 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_TEXT_LENGTH)
  start: number = 0;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_SHOWN_LENGTH, default: MAX_SHOWN_LENGTH })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_SHOWN_LENGTH)
  length: number = MAX_SHOWN_LENGTH;
}

export class DocumentTextDto {
  @ApiProperty({ type: 'integer', description: 'In UTF-16 code units, as all positions' })
  start: number;

  @ApiProperty({ type: 'integer' })
  end: number;

  @ApiProperty({ type: 'integer', description: 'Of the whole text' })
  total: number;

  @ApiProperty({ type: String })
  text: string;
}
