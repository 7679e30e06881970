import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../../common/paging/page.js';
import type { Session } from '../entities/session.entity.js';

export class SessionResponseDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: Boolean, description: 'Whether it is the one that asks' })
  is_current: boolean;

  @ApiProperty({ type: String, nullable: true, description: 'Where it was opened from' })
  address: string | null;

  @ApiProperty({ type: String, nullable: true })
  user_agent: string | null;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: String, format: 'date-time', description: 'Moves on with each refresh' })
  expires_at: string;
}

export class SessionPageDto extends PageOf(SessionResponseDto) {}

export function toSessionResponse(session: Session, currentId: string): SessionResponseDto {
  return {
    id: session.id,
    is_current: session.id === currentId,
    address: session.address,
    user_agent: session.userAgent,
    created_at: session.createdAt.toISOString(),
    expires_at: session.expiresAt.toISOString(),
  };
}
