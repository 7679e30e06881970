import { ApiProperty, ApiPropertyOptional, PartialType } from '@nestjs/swagger';
import { IsOptional, IsString, Length, MaxLength } from 'class-validator';

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
    nullable: true,
    default: null,
    description: '`artifact:<id>`, an http(s) address, or a data URL, which is kept as an artifact.',
  })
  @IsOptional()
  @IsString()
  image?: string | null;
}

export class UpdateCharacterDto extends PartialType(CreateCharacterDto) {}
