import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsIn, IsISO8601, IsOptional, IsString, Length } from 'class-validator';
import { PageOf } from '../../../common/paging/page.js';
import type { ApiKey } from './api-key.entity.js';
import { API_SCOPES, type ApiScope } from './api-scope.js';

export class CreateApiKeyDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: 100, example: 'Nightly import' })
  @IsString()
  @Length(1, 100)
  name: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'string', enum: [...API_SCOPES] },
    minItems: 1,
    maxItems: 3,
    description: 'read: to look. run: to start and steer runs. write: to create and change.',
    example: ['read', 'run'],
  })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(3)
  @IsIn(API_SCOPES, { each: true })
  scopes: ApiScope[];

  @ApiPropertyOptional({ type: String, format: 'date-time', nullable: true, description: 'Default: never' })
  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  @Length(1, 40)
  expires_at?: string | null;
}

export class ApiKeyResponseDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: 'array', items: { type: 'string', enum: [...API_SCOPES] } })
  scopes: ApiScope[];

  @ApiProperty({ type: String, description: 'The first characters of the secret', example: 'trp_8kP2x9Qa' })
  prefix: string;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  expires_at: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'To the minute' })
  last_used_at: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;
}

export class NewApiKeyResponseDto extends ApiKeyResponseDto {
  @ApiProperty({ type: String, description: 'Shown only now. Sent as `Authorization: Bearer`.' })
  secret: string;
}

export class ApiKeyPageDto extends PageOf(ApiKeyResponseDto) {}

export function toApiKeyResponse(key: ApiKey): ApiKeyResponseDto {
  return {
    id: key.id,
    name: key.name,
    scopes: key.scopes,
    prefix: key.prefix,
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    created_at: key.createdAt.toISOString(),
  };
}
