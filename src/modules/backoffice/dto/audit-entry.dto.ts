import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../../common/paging/page.js';
import type { AuditEntry } from '../../audit/entities/audit-entry.entity.js';

export class AuditEntryDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: String, example: 'member.removed' })
  action: string;

  @ApiProperty({ type: String, enum: ['done', 'refused'] })
  outcome: string;

  @ApiProperty({ type: String, nullable: true, enum: ['user', 'backoffice', null] })
  realm: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  actor_id: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'Or the API key' })
  session_id: string | null;

  @ApiProperty({ type: String, nullable: true, example: 'project' })
  target_type: string | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  target_id: string | null;

  @ApiProperty({ type: String, nullable: true })
  address: string | null;

  @ApiProperty({ type: String, nullable: true })
  user_agent: string | null;

  @ApiProperty({ type: String, pattern: '^[0-9a-f]{32}$', example: '4bf92f3577b34da6a3ce929d0e0e4736' })
  trace_id: string;

  @ApiProperty({ type: 'object', additionalProperties: true })
  details: Record<string, unknown>;
}

export class AuditPageDto extends PageOf(AuditEntryDto) {}

export function toAuditEntryDto(entry: AuditEntry): AuditEntryDto {
  return {
    id: entry.id,
    created_at: entry.createdAt.toISOString(),
    action: entry.action,
    outcome: entry.outcome,
    realm: entry.realm,
    actor_id: entry.actorId,
    session_id: entry.sessionId,
    target_type: entry.targetType,
    target_id: entry.targetId,
    address: entry.address,
    user_agent: entry.userAgent,
    trace_id: entry.traceId,
    details: entry.details,
  };
}
