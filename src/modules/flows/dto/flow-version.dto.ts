import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../../common/paging/page.js';
import type { FlowVersion } from '../entities/flow-version.entity.js';
import { ViewportDto } from './save-flow.dto.js';

export class FlowVersionSummaryDto {
  @ApiProperty({ type: String, format: 'uuid' })
  flow_id: string;

  @ApiProperty({ type: 'integer', description: 'Counted from 1.' })
  version: number;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ type: String, nullable: true })
  provider_id: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;
}

export class FlowVersionResponseDto extends FlowVersionSummaryDto {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  nodes: unknown[];

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  edges: unknown[];

  @ApiProperty({ type: ViewportDto, nullable: true })
  viewport: ViewportDto | null;
}

export class FlowVersionPageDto extends PageOf(FlowVersionSummaryDto) {}

export function toVersionSummary(row: FlowVersion): FlowVersionSummaryDto {
  const { flowId, version, name, description, providerId, createdAt } = row;
  return {
    flow_id: flowId,
    version,
    name,
    description,
    provider_id: providerId,
    created_at: createdAt.toISOString(),
  };
}

export function toVersionResponse(row: FlowVersion): FlowVersionResponseDto {
  const graph = { nodes: [...row.nodes], edges: [...row.edges], viewport: row.viewport };
  return Object.assign(toVersionSummary(row), graph);
}
