import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, Length, Matches } from 'class-validator';
import { GROUP_ROLES, type GroupRole } from '../entities/group-member.entity.js';
import { ALIAS_PATTERN, MAX_ALIAS } from '../routing/aliases.js';
import { AgentPartDto } from './agent-part.dto.js';
import { TriggersDto } from './triggers.dto.js';

/** What is absent stays as it is. */
export class UpdateMemberDto extends AgentPartDto {
  @ApiPropertyOptional({
    type: String,
    minLength: 1,
    maxLength: MAX_ALIAS,
    pattern: ALIAS_PATTERN.source,
    description: 'By which it is mentioned: `@[alias]`. Of people the default is the user name.',
    example: 'Critic',
  })
  @IsOptional()
  @IsString()
  @Length(1, MAX_ALIAS)
  @Matches(ALIAS_PATTERN, {
    message: 'may contain letters, digits, "_", space, "." and "-" only, and not spaces alone',
  })
  alias?: string;

  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, description: 'The agent that it is.' })
  @IsOptional()
  @IsUUID()
  agent_id?: string | null;

  @ApiPropertyOptional({ enum: GROUP_ROLES, default: 'member', description: 'Of people.' })
  @IsOptional()
  @IsIn(GROUP_ROLES)
  role?: GroupRole;
}

export class AddMemberDto extends UpdateMemberDto {
  @ApiPropertyOptional({ enum: ['agent', 'user'], default: 'agent' })
  @IsOptional()
  @IsIn(['agent', 'user'])
  kind?: 'agent' | 'user';

  @ApiPropertyOptional({ type: String, format: 'uuid', description: 'Of people: who it is.' })
  @IsOptional()
  @IsUUID()
  user_id?: string;
}

export class GroupMemberDto {
  @ApiProperty({ type: String, format: 'uuid' })
  id: string;

  @ApiProperty({ enum: ['agent', 'user'] })
  kind: 'agent' | 'user';

  @ApiProperty({ type: String })
  alias: string;

  @ApiProperty({ type: Boolean })
  is_orchestrator: boolean;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  user_id: string | null;

  @ApiProperty({ enum: GROUP_ROLES, nullable: true })
  role: GroupRole | null;

  @ApiProperty({ type: String, format: 'uuid', nullable: true })
  agent_id: string | null;

  @ApiProperty({ type: String, description: 'Empty for people.' })
  role_prompt: string;

  @ApiProperty({ type: String, nullable: true })
  provider_id: string | null;

  @ApiProperty({ type: String, nullable: true })
  model: string | null;

  @ApiProperty({ type: Number, nullable: true })
  temperature: number | null;

  @ApiProperty({ type: [String], nullable: true })
  tools: string[] | null;

  @ApiProperty({ type: TriggersDto, nullable: true })
  triggers: TriggersDto | null;
}
