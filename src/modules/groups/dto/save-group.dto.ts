import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { PageQueryDto } from '../../../common/paging/page-query.dto.js';
import {
  AI_MODES,
  type AiMode,
  DEFAULT_MAX_ROUNDS,
  GROUP_POLICIES,
  type GroupPolicy,
} from '../entities/group.entity.js';
import { AvailabilityDto } from './availability.dto.js';
import { AgentPartDto } from './agent-part.dto.js';

/** On create what is absent gets its default, on PATCH it stays as it is. */
export class UpdateGroupDto {
  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 200, default: 'Untitled group', example: 'Launch' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  @Matches(/\S/, { message: 'must not be blank' })
  name?: string;

  @ApiPropertyOptional({ type: AgentPartDto, description: 'How the Orchestrator works.' })
  @IsOptional()
  @Type(() => AgentPartDto)
  @IsObject()
  @ValidateNested()
  orchestrator?: AgentPartDto;

  @ApiPropertyOptional({
    enum: GROUP_POLICIES,
    default: 'orchestrated',
    description: 'direct: in a group with one agent beside the Orchestrator, people speak with that agent.',
  })
  @IsOptional()
  @IsIn(GROUP_POLICIES)
  policy?: GroupPolicy;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 100, default: DEFAULT_MAX_ROUNDS })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  max_rounds?: number;

  @ApiPropertyOptional({ enum: AI_MODES, default: 'on', description: 'Which messages the agents answer.' })
  @IsOptional()
  @IsIn(AI_MODES)
  ai_mode?: AiMode;

  @ApiPropertyOptional({
    type: AvailabilityDto,
    nullable: true,
    description: 'When the agents are there. Null, the default: always.',
  })
  @IsOptional()
  @Type(() => AvailabilityDto)
  @IsObject()
  @ValidateNested()
  availability?: AvailabilityDto | null;
}

export class CreateGroupDto extends UpdateGroupDto {
  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, description: 'Whose members are let in too.' })
  @IsOptional()
  @IsUUID()
  project_id?: string | null;
}

export class ListGroupsDto extends PageQueryDto {
  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  project_id?: string;
}
