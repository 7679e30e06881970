import { ApiProperty } from '@nestjs/swagger';
import { toUserResponse, UserResponseDto } from '../../users/dto/user-response.dto.js';
import type { SignedIn } from '../signed-in-tokens.js';

export class TokenResponseDto {
  @ApiProperty({ type: String, description: 'JWT, sent as `Authorization: Bearer`' })
  access_token: string;

  @ApiProperty({ type: String, description: 'Good for one refresh' })
  refresh_token: string;

  @ApiProperty({ type: String, enum: ['bearer'] })
  token_type: 'bearer';

  @ApiProperty({ type: 'integer', description: 'Seconds', example: 1800 })
  expires_in: number;

  @ApiProperty({ type: UserResponseDto })
  user: UserResponseDto;
}

export function toTokenResponse({ accessToken, refreshToken, expiresInSeconds, user }: SignedIn): TokenResponseDto {
  return {
    access_token: accessToken,
    refresh_token: refreshToken,
    token_type: 'bearer',
    expires_in: expiresInSeconds,
    user: toUserResponse(user),
  };
}
