import { ApiProperty } from '@nestjs/swagger';
import { PageOf } from '../../../common/paging/page.js';
import { AI_MODES, type AiMode, type Group, GROUP_POLICIES, type GroupPolicy } from '../entities/group.entity.js';
import type { GroupMember } from '../entities/group-member.entity.js';
import type { Availability } from '../hours/availability.js';
import { AvailabilityDto } from './availability.dto.js';
import { GroupMemberDto } from './save-member.dto.js';

export class GroupDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ type: String })
  name: string;

  @ApiProperty({ type: String, format: 'uuid' })
  owner_id: string;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  project_id: string | null;

  @ApiProperty({ enum: GROUP_POLICIES })
  policy: GroupPolicy;

  @ApiProperty({ type: 'integer', minimum: 1, maximum: 100 })
  max_rounds: number;

  @ApiProperty({ enum: AI_MODES })
  ai_mode: AiMode;

  @ApiProperty({ type: AvailabilityDto, nullable: true, description: 'Null: its agents are always there.' })
  availability: AvailabilityDto | null;

  @ApiProperty({ type: [GroupMemberDto], description: 'In the order in which they joined.' })
  members: GroupMemberDto[];

  @ApiProperty({ type: String, format: 'date-time' })
  created_at: string;

  @ApiProperty({ type: String, format: 'date-time' })
  updated_at: string;
}

export class GroupPageDto extends PageOf(GroupDto) {}

export function toGroupResponse(group: Group, members: readonly GroupMember[]): GroupDto {
  return {
    id: group.id,
    name: group.name,
    owner_id: group.ownerId,
    project_id: group.projectId,
    policy: group.policy,
    max_rounds: group.maxRounds,
    ai_mode: group.aiMode,
    availability: group.availability && availabilityDto(group.availability),
    members: members.map(toMemberResponse),
    created_at: group.createdAt.toISOString(),
    updated_at: group.updatedAt.toISOString(),
  };
}

export function toMemberResponse(member: GroupMember): GroupMemberDto {
  const { role_prompt, provider_id, model, temperature, tools, triggers = null } = member.settings;
  return {
    id: member.id,
    kind: member.kind,
    alias: member.alias,
    is_orchestrator: member.isOrchestrator,
    user_id: member.userId,
    role: member.role,
    agent_id: member.agentId,
    role_prompt,
    provider_id,
    model,
    temperature,
    tools: tools && [...tools],
    triggers,
  };
}

function availabilityDto({ timezone, windows }: Availability): AvailabilityDto {
  return { timezone, windows: windows.map(({ days, from, to }) => ({ days: [...days], from, to })) };
}

/** As events tell of a member: without what it is told. */
export function memberData({ id, kind, alias, isOrchestrator, userId, role, agentId, writtenBy }: GroupMember) {
  const member = { id, kind, alias, is_orchestrator: isOrchestrator, user_id: userId, role, agent_id: agentId };
  const namedBy = writtenBy['alias'];
  return { ...member, ...(namedBy !== undefined && { named_by: namedBy }) };
}
