import { ApiProperty } from '@nestjs/swagger';
import type { User } from '../entities/user.entity.js';

type Shown = Pick<User, 'id' | 'username' | 'email' | 'createdAt' | 'updatedAt'>;

export class UserResponseDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, example: 'ada' })
  username: string;

  @ApiProperty({ type: String, format: 'email', example: 'ada@example.org' })
  email: string;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at: string;
}

/** Field by field, so that a new column is never sent by accident. */
export function toUserResponse(user: Shown): UserResponseDto {
  return {
    id: user.id,
    username: user.username,
    email: user.email,
    created_at: user.createdAt.toISOString(),
    updated_at: user.updatedAt.toISOString(),
  };
}
