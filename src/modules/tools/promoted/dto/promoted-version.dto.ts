import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { ANY_JSON } from '../../../execution/dto/run-response.dto.js';
import type { ShownVersion } from '../promoted-tools.service.js';
import { MAX_VERSION, SIDE_EFFECTS, type ToolExample } from '../promoted-manifest.js';

const SCHEMA = { type: 'object', additionalProperties: true } as const;

export class RollbackToolDto {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: MAX_VERSION,
    description: 'Which is to be in force.',
    example: 1,
  })
  @IsInt()
  @Min(1)
  @Max(MAX_VERSION)
  version: number;
}

export class PromotedScopeDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Whose tool it is. Default: yours alone.' })
  @IsOptional()
  @IsUUID()
  project_id?: string;
}

export class ToolVersionDto {
  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ type: Boolean, description: 'Whether it is the one that is called.' })
  in_force: boolean;

  @ApiProperty({ type: String, format: 'uuid', description: 'The solution it was made from; perhaps gone.' })
  promoted_from: string;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ ...SCHEMA })
  input_schema: Readonly<Record<string, unknown>>;

  @ApiProperty({ ...SCHEMA, nullable: true })
  output_schema: Readonly<Record<string, unknown>> | null;

  @ApiProperty({ type: [String] })
  permissions: readonly string[];

  @ApiProperty({ type: 'integer' })
  timeout_sec: number;

  @ApiProperty({ type: String, enum: SIDE_EFFECTS })
  side_effects: string;

  @ApiProperty({ type: String, enum: ['never', 'always', 'first_use'] })
  approval: string;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;
}

export class ToolVersionsDto {
  @ApiProperty({ type: [ToolVersionDto], description: 'The newest first.' })
  items: ToolVersionDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: the list is whole.' })
  next_cursor: string | null;
}

class PassedExampleDto {
  @ApiProperty({ ...SCHEMA })
  input: Readonly<Record<string, unknown>>;

  @ApiProperty({ ...ANY_JSON, description: 'What the tool answered.' })
  expected_output: unknown;
}

export class WholeToolVersionDto extends ToolVersionDto {
  @ApiProperty({ type: String, description: 'JavaScript.' })
  code: string;

  @ApiProperty({ type: [PassedExampleDto] })
  examples: readonly ToolExample[];
}

export function toVersion({ tool, version }: ShownVersion): ToolVersionDto {
  return {
    version: version.version,
    in_force: version.version === tool.version,
    promoted_from: version.solutionId,
    description: version.description,
    input_schema: version.inputSchema,
    output_schema: version.outputSchema,
    permissions: version.permissions,
    timeout_sec: version.timeoutSeconds,
    side_effects: version.sideEffects,
    approval: version.approval,
    created_at: version.createdAt.toISOString(),
  };
}

export function toWholeVersion(shown: ShownVersion): WholeToolVersionDto {
  const { code, examples } = shown.version;
  return Object.assign(toVersion(shown), { code, examples });
}
