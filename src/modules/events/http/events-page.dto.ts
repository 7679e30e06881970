import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class EventDto {
  @ApiProperty({ type: String, example: 'execution.node.completed' })
  type: string;

  @ApiProperty({ type: 'object', additionalProperties: true, description: 'As `events.json` says for the type' })
  data: Record<string, unknown>;

  @ApiProperty({ type: String, example: 'run:0198c5b0-0000-7000-8000-000000000000' })
  stream: string;

  @ApiPropertyOptional({ type: 'integer', description: 'Chunks have none' })
  seq?: number;

  @ApiPropertyOptional({ type: String, format: 'date-time' })
  at?: string;

  @ApiPropertyOptional({ type: String, pattern: '^[0-9a-f]{32}$', example: '4bf92f3577b34da6a3ce929d0e0e4736' })
  trace_id?: string;
}

export class EventsPageDto {
  @ApiProperty({ type: [EventDto] })
  items: EventDto[];

  @ApiProperty({ type: 'integer', description: 'To be given as `after` for the next page' })
  next_after: number;

  @ApiProperty({ type: Boolean })
  has_more: boolean;
}
