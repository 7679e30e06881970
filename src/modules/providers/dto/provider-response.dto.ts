import { ApiProperty } from '@nestjs/swagger';

export class ProviderResponseDto {
  @ApiProperty({ type: String, example: 'openai' })
  id: string;

  @ApiProperty({ type: String, example: 'OpenAI' })
  name: string;

  @ApiProperty({ type: [String], description: 'What it can do.', example: ['text', 'streaming'] })
  capabilities: string[];

  @ApiProperty({ type: Boolean, description: 'Whether it is asked when nobody names a provider.' })
  is_default: boolean;
}

export class ProviderListDto {
  @ApiProperty({ type: [ProviderResponseDto] })
  items: ProviderResponseDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: the list is whole.' })
  next_cursor: string | null;
}

export class ModelResponseDto {
  @ApiProperty({ type: String, example: 'gpt-4.1-mini' })
  id: string;

  @ApiProperty({ type: String, example: 'openai' })
  provider_id: string;

  @ApiProperty({ type: [String], example: ['text', 'streaming'] })
  capabilities: string[];
}

export class ModelListDto {
  @ApiProperty({ type: [ModelResponseDto] })
  items: ModelResponseDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: the list is whole.' })
  next_cursor: string | null;
}
