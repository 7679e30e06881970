import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUUID, Length, Max, Min } from 'class-validator';

export const MAX_QUERY_LENGTH = 2_000;
export const MAX_FOUND = 50;
export const DEFAULT_FOUND = 10;

export class SearchQueryDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: MAX_QUERY_LENGTH, example: 'When is the lamp lit?' })
  @IsString()
  @Length(1, MAX_QUERY_LENGTH)
  q: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Default: your own, and all of your projects' })
  @IsOptional()
  @IsUUID()
  project_id?: string;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_FOUND, default: DEFAULT_FOUND })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_FOUND)
  limit: number = DEFAULT_FOUND;
}

class PositionDto {
  @ApiProperty({ type: 'integer' })
  start: number;

  @ApiProperty({ type: 'integer' })
  end: number;
}

class ChunkScoresDto {
  @ApiProperty({ type: Number, description: 'How well its words answer the question' })
  text: number;

  @ApiPropertyOptional({
    type: Number,
    description: 'How near its meaning is to that of the question, up to 1, where a model for vectors is configured',
  })
  vector?: number;
}

export class FoundChunkDto {
  @ApiProperty({ type: String, format: 'uuid' })
  document_id: string;

  @ApiProperty({ type: String })
  title: string;

  @ApiProperty({ type: PositionDto, description: 'In the text of the document, in UTF-16 code units' })
  position: PositionDto;

  @ApiProperty({ type: String })
  text: string;

  @ApiProperty({ type: Number, description: 'To be compared within one answer' })
  score: number;

  @ApiProperty({ type: ChunkScoresDto })
  scores: ChunkScoresDto;

  @ApiProperty({ type: [String], description: 'Above it, the outermost first' })
  headings: readonly string[];

  @ApiProperty({ type: 'integer', nullable: true, description: 'From 1, of documents that have pages' })
  page: number | null;
}

export class SearchResponseDto {
  @ApiProperty({ type: [FoundChunkDto], description: 'The best first' })
  items: readonly FoundChunkDto[];
}
