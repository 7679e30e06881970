import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';

/** On create what is absent gets its default, on PATCH it stays as it is. */
export class SaveProjectDto {
  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 200, default: 'Untitled project', example: 'Website' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string;

  @ApiPropertyOptional({ type: String, maxLength: 10_000, default: '' })
  @IsOptional()
  @IsString()
  @MaxLength(10_000)
  description?: string;

  @ApiPropertyOptional({ type: String, maxLength: 100, nullable: true, default: null })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  provider_id?: string | null;

  @ApiPropertyOptional({ type: String, maxLength: 200, nullable: true, default: null })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  model?: string | null;
}

export class SelectProjectsDto {
  @ApiProperty({ type: String, format: 'uuid' })
  @IsUUID()
  user_id: string;
}
