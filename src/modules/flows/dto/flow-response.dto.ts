import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../../common/paging/page.js';
import type { Flow } from '../entities/flow.entity.js';
import { ViewportDto } from './save-flow.dto.js';

export class FlowSummaryDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  project_id: string | null;

  @ApiProperty({ type: String, nullable: true })
  provider_id: string | null;

  @ApiProperty({ type: 'integer', description: 'Counted from 1; grows with each change.' })
  version: number;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at: string;
}

export class FlowResponseDto extends FlowSummaryDto {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  nodes: unknown[];

  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  edges: unknown[];

  @ApiProperty({ type: ViewportDto, nullable: true })
  viewport: ViewportDto | null;
}

export class FlowPageDto extends PageOf(FlowSummaryDto) {}

export function toFlowSummary(flow: Flow): FlowSummaryDto {
  return {
    id: flow.id,
    name: flow.name,
    description: flow.description,
    project_id: flow.projectId,
    provider_id: flow.providerId,
    version: flow.version,
    created_at: flow.createdAt.toISOString(),
    updated_at: flow.updatedAt.toISOString(),
  };
}

export function toFlowResponse(flow: Flow): FlowResponseDto {
  const graph = { nodes: [...flow.nodes], edges: [...flow.edges], viewport: flow.viewport };
  return Object.assign(toFlowSummary(flow), graph);
}
