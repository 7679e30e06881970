import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Length, MaxLength } from 'class-validator';

/** OAuth2 resource owner password form (RFC 6749, 4.3.2). Scope and client are accepted and not looked at. */
export class PasswordGrantDto {
  @ApiPropertyOptional({ type: String, enum: ['password'] })
  @IsOptional()
  @IsIn(['password', ''])
  grant_type?: string;

  @ApiProperty({ type: String, minLength: 1, maxLength: 254, description: 'E-mail or user name' })
  @IsString()
  @Length(1, 254)
  username: string;

  @ApiProperty({ type: String, format: 'password', minLength: 1, maxLength: 256 })
  @IsString()
  @Length(1, 256)
  password: string;

  @ApiPropertyOptional({ type: String, maxLength: 1000 })
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  scope?: string;

  @ApiPropertyOptional({ type: String, maxLength: 254 })
  @IsOptional()
  @IsString()
  @MaxLength(254)
  client_id?: string;

  @ApiPropertyOptional({ type: String, maxLength: 254 })
  @IsOptional()
  @IsString()
  @MaxLength(254)
  client_secret?: string;
}
