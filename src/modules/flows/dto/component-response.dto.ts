import { ApiProperty } from '@nestjs/swagger';

class FieldOptionDto {
  @ApiProperty({ type: String })
  value: string;

  @ApiProperty({ type: String })
  label: string;
}

class ComponentFieldDto {
  @ApiProperty({ type: String, description: 'Where its value stands in the data of a node.' })
  key: string;

  @ApiProperty({ type: String })
  label: string;

  @ApiProperty({ enum: ['text', 'textarea', 'select', 'number', 'image', 'tags'] })
  kind: string;

  @ApiProperty({ type: Boolean })
  required: boolean;

  @ApiProperty({ type: [FieldOptionDto], nullable: true, description: 'Of selects.' })
  options: FieldOptionDto[] | null;

  @ApiProperty({ type: String, nullable: true })
  placeholder: string | null;
}

class ComponentPortDto {
  @ApiProperty({ type: String, description: 'The handle of an edge.' })
  key: string;

  @ApiProperty({ type: String })
  label: string;

  @ApiProperty({ enum: ['in', 'out'] })
  direction: string;

  @ApiProperty({ enum: ['text', 'adapter'] })
  kind: string;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Of a port that grows a handle with each edge.' })
  max_connections: number | null;
}

class ComponentApiConfigDto {
  @ApiProperty({ enum: ['api_call', 'data_source', 'pass_through', 'composite'] })
  executor: string;

  @ApiProperty({ type: Number, nullable: true })
  temperature: number | null;

  @ApiProperty({ type: 'integer', nullable: true })
  max_output_tokens: number | null;

  @ApiProperty({
    type: 'object',
    additionalProperties: { type: 'string' },
    description: 'Which field or port fills which part of the call.',
  })
  input_mapping: Readonly<Record<string, string>>;
}

class ComponentOutputDto {
  @ApiProperty({ type: String })
  key: string;

  @ApiProperty({ enum: ['text', 'image', 'persona_name', 'persona_description'] })
  kind: string;

  @ApiProperty({ type: String })
  description: string;
}

export class ComponentResponseDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, example: 'translator' })
  type: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String })
  description: string;

  @ApiProperty({ enum: ['input', 'processing', 'output', 'data_source', 'utility'] })
  category: string;

  @ApiProperty({ type: String })
  icon: string;

  @ApiProperty({ type: String })
  color: string;

  @ApiProperty({ enum: ['text', 'image', 'vision', 'none'] })
  provider_type: string;

  @ApiProperty({ type: Boolean })
  uses_llm: boolean;

  @ApiProperty({ type: String, nullable: true })
  default_provider: string | null;

  @ApiProperty({ type: String, nullable: true })
  default_model: string | null;

  @ApiProperty({ type: 'integer' })
  version: number;

  @ApiProperty({ type: Boolean })
  is_active: boolean;

  @ApiProperty({ type: [ComponentFieldDto] })
  fields: ComponentFieldDto[];

  @ApiProperty({ type: [ComponentPortDto] })
  ports: ComponentPortDto[];

  @ApiProperty({ type: ComponentApiConfigDto, nullable: true })
  api_config: ComponentApiConfigDto | null;

  @ApiProperty({ type: [ComponentOutputDto] })
  output_schema: ComponentOutputDto[];
}

export class ComponentListDto {
  @ApiProperty({ type: [ComponentResponseDto] })
  items: ComponentResponseDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: the list is whole.' })
  next_cursor: string | null;
}
