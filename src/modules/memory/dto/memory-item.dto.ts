import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { MEMORY_KINDS, type MemoryKind } from '../memory-kind.js';
import { NAMESPACE_SCOPES, type NamespaceScope } from '../namespace.js';
import { SolutionResponseDto } from './solution.dto.js';

export class NamespaceResponseDto {
  @ApiProperty({ type: String, enum: NAMESPACE_SCOPES })
  scope: NamespaceScope;

  @ApiProperty({ type: String, format: 'uuid' })
  id: string;
}

export class MemoryLinkDto {
  @ApiProperty({ type: String, description: '`summarizes`, `summarized_by`, `replaces`, `replaced_by`' })
  type: string;

  @ApiProperty({ type: String, format: 'uuid', description: 'Of the other item' })
  id: string;
}

export class MemoryItemDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, enum: MEMORY_KINDS })
  kind: MemoryKind;

  @ApiProperty({ type: NamespaceResponseDto })
  namespace: NamespaceResponseDto;

  @ApiProperty({ type: String })
  content: string;

  @ApiProperty({ type: [String] })
  tags: string[];

  @ApiProperty({ type: 'object', additionalProperties: true })
  metadata: Record<string, unknown>;

  @ApiProperty({ type: [String], description: 'What personal data it has, such as `email`' })
  pii: string[];

  @ApiProperty({ type: Number, minimum: 0, maximum: 1 })
  importance: number;

  @ApiProperty({ type: Boolean, description: 'Retention leaves it alone.' })
  pinned: boolean;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expires_at: string | null;

  @ApiProperty({ type: [MemoryLinkDto] })
  links: MemoryLinkDto[];

  @ApiProperty({ type: Boolean, description: 'A summary of something that is gone or changed: it is not recalled.' })
  stale: boolean;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Counted some seconds late' })
  last_used_at: string | null;

  @ApiProperty({ type: 'integer', description: 'How often it was recalled' })
  use_count: number;

  @ApiProperty({ type: SolutionResponseDto, nullable: true, description: 'Of the kind `solution`.' })
  solution: SolutionResponseDto | null;
}

export class ScorePartsDto {
  @ApiProperty({ type: Number, description: 'How well the words answer the question, 0 to about 1' })
  text: number;

  @ApiPropertyOptional({
    type: Number,
    description: 'How near its meaning is to that of the question, up to 1, where a model for vectors is configured',
  })
  vector?: number;

  @ApiProperty({ type: Number, description: '1 for now, halved every 30 days' })
  recency: number;

  @ApiProperty({ type: Number })
  importance: number;
}

export class MemoryHitDto {
  @ApiProperty({ type: MemoryItemDto })
  item: MemoryItemDto;

  @ApiProperty({
    type: Number,
    description: '`text + 0.02 · recency + 0.04 · importance`; with vectors, what both rankings come to',
  })
  score: number;

  @ApiProperty({ type: ScorePartsDto })
  scores: ScorePartsDto;
}

export class MemoryHitsDto {
  @ApiProperty({ type: [MemoryHitDto], description: 'The best first' })
  items: MemoryHitDto[];
}
