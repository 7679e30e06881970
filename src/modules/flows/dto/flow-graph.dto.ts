import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsObject, IsOptional } from 'class-validator';
import { MAX_COORDINATE } from '../graph/flow-graph.js';

const COORDINATE = { type: 'number' as const, minimum: -MAX_COORDINATE, maximum: MAX_COORDINATE };

const NODE_SCHEMA = {
  type: 'object' as const,
  required: ['id'],
  properties: {
    id: { type: 'string' as const, maxLength: 200 },
    type: { type: 'string' as const, maxLength: 200, description: 'May stand in `data.type` instead.' },
    position: {
      type: 'object' as const,
      properties: { x: COORDINATE, y: COORDINATE },
    },
    data: {
      type: 'object' as const,
      additionalProperties: true,
      description:
        'The fields of the type, and `provider_id`, `model`, `temperature`, `max_output_tokens`, `timeout_ms`, `retry: { attempts, backoff_ms }`.',
    },
  },
  additionalProperties: true,
};

const EDGE_SCHEMA = {
  type: 'object' as const,
  required: ['source', 'target'],
  properties: {
    id: { type: 'string' as const, maxLength: 500 },
    source: { type: 'string' as const, maxLength: 200 },
    target: { type: 'string' as const, maxLength: 200 },
    source_handle: { type: 'string' as const, maxLength: 500, nullable: true },
    target_handle: {
      type: 'string' as const,
      maxLength: 500,
      nullable: true,
      description: '`adapter-…`: brings a persona; else a text.',
    },
  },
  additionalProperties: true,
};

/** A graph in a body. Its nodes and edges are free-form here; `parseGraph` looks at each. */
export class FlowGraphDto {
  @ApiPropertyOptional({ type: 'array', items: NODE_SCHEMA, maxItems: 5000 })
  @IsOptional()
  @IsArray()
  nodes?: unknown[];

  @ApiPropertyOptional({ type: 'array', items: EDGE_SCHEMA, maxItems: 20000 })
  @IsOptional()
  @IsArray()
  edges?: unknown[];
}

export const INPUTS_SCHEMA = {
  type: 'object' as const,
  additionalProperties: { type: 'object' as const, additionalProperties: true },
  description: 'By node id, values by field, laid over the data of the nodes.',
  example: { 'prompt-1': { text: 'A lighthouse in the fog' } },
};

export class FlowGraphWithInputsDto extends FlowGraphDto {
  @ApiPropertyOptional(INPUTS_SCHEMA)
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;
}
