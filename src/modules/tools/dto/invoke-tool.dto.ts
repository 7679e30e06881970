import { ApiExtraModels, ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsUUID } from 'class-validator';
import { ANY_JSON } from '../../execution/dto/run-response.dto.js';

export class ToolScopeDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Adds the tools of this project.' })
  @IsOptional()
  @IsUUID()
  project_id?: string;
}

export class InvokeToolDto {
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'As the input schema of the tool says.',
    example: { expression: '2 * 21' },
  })
  @IsObject()
  arguments: Record<string, unknown>;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Whose tools, files and servers it works with.' })
  @IsOptional()
  @IsUUID()
  project_id?: string;
}

class ToolErrorDto {
  @ApiProperty({ type: String, example: 'ADDRESS_NOT_ALLOWED' })
  code: string;

  @ApiProperty({ type: String })
  message: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  details?: Readonly<Record<string, unknown>>;
}

class ToolArtifactDto {
  @ApiProperty({ type: String, format: 'uuid' })
  artifact_id: string;

  @ApiProperty({ type: String, example: 'image/png' })
  media_type: string;
}

@ApiExtraModels(ToolErrorDto)
export class InvocationResponseDto {
  @ApiProperty({ type: Boolean, description: 'False when the tool itself failed.' })
  ok: boolean;

  @ApiPropertyOptional({
    ...ANY_JSON,
    description: 'Any JSON; what is too long is `{ shortened, total_chars, beginning }`.',
  })
  output?: unknown;

  @ApiPropertyOptional({ type: [ToolArtifactDto], description: 'Pictures and files beside the output.' })
  artifacts?: ToolArtifactDto[];

  @ApiPropertyOptional({ type: ToolErrorDto })
  error?: ToolErrorDto;
}
