import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { PageQueryDto } from '../../../common/paging/page-query.dto.js';
import type { MisfirePolicy, OverlapPolicy } from '../decide/fire-decision.js';
import type { TaskStatus, TaskType } from '../entities/task.entity.js';
import type { TaskTarget } from '../targets/task-target.js';
import { TaskScheduleDto } from './task-schedule.dto.js';

export const TASK_TYPES = ['adhoc', 'planned', 'scheduled'] as const satisfies readonly TaskType[];
export const TASK_STATUSES = ['active', 'paused', 'completed'] as const satisfies readonly TaskStatus[];
export const OVERLAPS = [
  'skip',
  'queue_one',
  'queue_all',
  'cancel_previous',
  'allow',
] as const satisfies readonly OverlapPolicy[];
export const MISFIRES = ['none', 'latest', 'all'] as const satisfies readonly MisfirePolicy[];

export class TaskRetryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 10, default: 1, description: 'Runs in all' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(10)
  max_attempts: number = 1;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 86_400, default: 30, description: 'Doubled each time' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(86_400)
  delay_seconds: number = 30;
}

/** Of a task. On POST what is absent gets its default, on PATCH it stays as it is. */
export class SaveTaskDto extends TaskScheduleDto {
  @ApiPropertyOptional({ type: String, minLength: 1, maxLength: 200, default: 'Untitled task' })
  @IsOptional()
  @IsString()
  @Length(1, 200)
  name?: string;

  @ApiPropertyOptional({
    type: String,
    enum: TASK_TYPES,
    description: 'Default: `planned` with a plan, `scheduled` with a schedule, else `adhoc`: it starts at once.',
  })
  @IsOptional()
  @IsIn(TASK_TYPES)
  type?: TaskType;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    nullable: true,
    description:
      '`{ kind: "agent", agent_id | agent, instruction }`, `{ kind: "flow", flow_id, inputs? }`, ' +
      '`{ kind: "group", group_id, content }`, `{ kind: "swarm", prompt | project_id }`, `{ kind: "tool", name, arguments }`. ' +
      'None: an agent. The prompt of the task stands for an instruction, content or prompt that is not there.',
    example: { kind: 'flow', flow_id: '019a0000-0000-7000-8000-000000000000' },
  })
  @IsOptional()
  @IsObject()
  target?: TaskTarget | null;

  @ApiPropertyOptional({ type: String, maxLength: 100_000, default: '' })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  system_prompt?: string;

  @ApiPropertyOptional({ type: String, maxLength: 100_000, default: '', description: 'What agents are told to do.' })
  @IsOptional()
  @IsString()
  @MaxLength(100_000)
  prompt?: string;

  @ApiPropertyOptional({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    maxItems: 20,
    description: 'As of `POST /agents/execute`.',
  })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(20)
  @IsObject({ each: true })
  attachments?: object[];

  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Runs of an agent go on with one conversation of the task.',
  })
  @IsOptional()
  @IsBoolean()
  dedicated_context?: boolean;

  @ApiPropertyOptional({
    type: String,
    enum: OVERLAPS,
    default: 'skip',
    description: 'When a run of the task has not ended as the next is due.',
  })
  @IsOptional()
  @IsIn(OVERLAPS)
  overlap?: OverlapPolicy;

  @ApiPropertyOptional({
    type: String,
    enum: MISFIRES,
    default: 'latest',
    description: 'What was due while no server was there, more than a minute ago.',
  })
  @IsOptional()
  @IsIn(MISFIRES)
  misfire?: MisfirePolicy;

  @ApiPropertyOptional({ type: 'integer', minimum: 60, maximum: 31_536_000, default: 86_400 })
  @IsOptional()
  @IsInt()
  @Min(60)
  @Max(31_536_000)
  misfire_window_seconds?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: 3_600_000,
    default: 0,
    description: 'Fires up to so much later than due, by chance.',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(3_600_000)
  jitter_ms?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 1_000_000_000, nullable: true, default: null })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  max_runs?: number | null;

  @ApiPropertyOptional({ type: TaskRetryDto, description: 'What follows a run that failed.' })
  @IsOptional()
  @Type(() => TaskRetryDto)
  @IsObject()
  @ValidateNested()
  retry?: TaskRetryDto;

  @ApiPropertyOptional({ type: Boolean, default: true, description: 'False: paused.' })
  @IsOptional()
  @IsBoolean()
  enabled?: boolean;

  @ApiPropertyOptional({ type: String, format: 'uuid', nullable: true, description: 'Where it belongs.' })
  @IsOptional()
  @IsUUID()
  project_id?: string | null;
}

export class ListTasksDto extends PageQueryDto {
  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  project_id?: string;

  @ApiPropertyOptional({ type: String, enum: TASK_STATUSES })
  @IsOptional()
  @IsIn(TASK_STATUSES)
  status?: TaskStatus;
}
