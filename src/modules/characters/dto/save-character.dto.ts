import { ApiProperty, ApiPropertyOptional, OmitType, PartialType } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { BODY_LIMIT_BYTES } from '../../../common/http/body-limit.js';

export class CreateCharacterDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: 200 })
  @IsString()
  @Length(1, 200)
  name: string;

  @ApiPropertyOptional({ type: String, maxLength: 20_000, default: '', description: 'How the character looks and is' })
  @IsOptional()
  @IsString()
  @MaxLength(20_000)
  description?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: BODY_LIMIT_BYTES,
    nullable: true,
    default: null,
    description: '`artifact:<id>`, an http(s) address, or a data URL, which is kept as an artifact.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(BODY_LIMIT_BYTES)
  image?: string | null;

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Where it belongs. Default: to you alone.' })
  @IsOptional()
  @IsUUID()
  project_id?: string;
}

export class UpdateCharacterDto extends PartialType(OmitType(CreateCharacterDto, ['project_id'] as const)) {}
