import { ApiProperty } from '@nestjs/swagger';

const CAPABILITIES = ['text', 'vision', 'image', 'streaming'];

export class ProviderResponseDto {
  @ApiProperty({ type: String, example: 'openai' })
  id: string;

  @ApiProperty({ type: String, example: 'OpenAI' })
  name: string;

  @ApiProperty({ type: [String], description: 'Other names under which requests may name it.', example: ['claude'] })
  aliases: string[];

  @ApiProperty({
    type: [String],
    enum: CAPABILITIES,
    description: 'What it can do: write text, see images (vision), make images, stream.',
    example: ['text', 'vision', 'streaming'],
  })
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

  @ApiProperty({ type: [String], enum: CAPABILITIES, example: ['text', 'vision', 'streaming'] })
  capabilities: string[];
}

export class ModelListDto {
  @ApiProperty({ type: [ModelResponseDto] })
  items: ModelResponseDto[];

  @ApiProperty({ type: String, nullable: true, description: 'Always null: the list is whole.' })
  next_cursor: string | null;
}
