import { ApiProperty } from '@nestjs/swagger';
import type { AnyTool } from '../tool.js';

const SCHEMA = { type: 'object', additionalProperties: true } as const;

export class ToolResponseDto {
  @ApiProperty({ type: String, example: 'http_request' })
  name: string;

  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ ...SCHEMA, description: 'JSON Schema (2020-12) of the arguments.' })
  input_schema: Readonly<Record<string, unknown>>;

  @ApiProperty({ ...SCHEMA, nullable: true, description: 'JSON Schema of the output; null: any JSON.' })
  output_schema: Readonly<Record<string, unknown>> | null;

  @ApiProperty({ type: Number, description: 'Of one call.' })
  timeout_sec: number;

  @ApiProperty({ type: [String], example: ['net'], description: 'What it may reach. Enforced when it runs.' })
  permissions: readonly string[];

  @ApiProperty({
    enum: ['never', 'always', 'first_use'],
    description: 'When a person is asked before a call in a run.',
  })
  approval: string;

  @ApiProperty({ enum: ['retry', 'ask', 'fail'], description: 'What becomes of a call during which the server died.' })
  on_interrupted: string;

  @ApiProperty({ type: Boolean, description: 'Whether it runs beside other calls of one model answer.' })
  is_parallel: boolean;

  @ApiProperty({ type: Boolean, description: 'Whether it cannot be invoked by itself.' })
  in_runs_only: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'The solution it was made from.' })
  promoted_from: string | null;
}

export class ToolListDto {
  @ApiProperty({ type: [ToolResponseDto] })
  items: ToolResponseDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: the list is whole.' })
  next_cursor: string | null;
}

export function toToolResponse(tool: Pick<AnyTool, 'manifest'>): ToolResponseDto {
  const { manifest } = tool;
  return {
    name: manifest.name,
    version: manifest.version,
    description: manifest.description,
    input_schema: manifest.inputSchema,
    output_schema: manifest.outputSchema ?? null,
    timeout_sec: manifest.timeoutSeconds,
    permissions: manifest.permissions,
    approval: manifest.approval,
    on_interrupted: manifest.onInterrupted,
    is_parallel: manifest.isParallel,
    in_runs_only: 'callInRun' in tool,
    promoted_from: manifest.promotedFrom ?? null,
  };
}
