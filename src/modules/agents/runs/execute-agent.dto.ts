import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
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
import { BODY_LIMIT_BYTES } from '../../../common/http/body-limit.js';
import { RunResultDto } from '../../execution/dto/run-response.dto.js';
import { WithRunBudgetDto } from '../../usage/dto/run-budget.dto.js';
import { AgentFieldsDto } from '../dto/agent-fields.dto.js';

const MAX_ATTACHMENTS = 10;
const MAX_TEXT = 1_000_000;

export class AgentAttachmentDto {
  @ApiPropertyOptional({ type: String, maxLength: 200, default: 'attachment 1', example: 'notes.md' })
  @IsOptional()
  @IsString()
  @MaxLength(200)
  name?: string;

  @ApiPropertyOptional({ type: String, maxLength: MAX_TEXT, description: 'Shown to the model as data.' })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TEXT)
  text?: string;

  @ApiPropertyOptional({
    type: String,
    maxLength: BODY_LIMIT_BYTES,
    description:
      'In place of a text: `artifact:<id>`, an http(s) address, or a data URL, which is kept as an artifact.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(BODY_LIMIT_BYTES)
  image?: string;
}

/** Body of `POST /agents/execute`. */
export class ExecuteAgentDto extends WithRunBudgetDto {
  @ApiProperty({ type: String, minLength: 1, maxLength: 200_000, example: 'What is 17 times 23?' })
  @IsString()
  @Length(1, 200_000)
  instruction: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  agent_id?: string;

  @ApiPropertyOptional({ type: AgentFieldsDto, description: 'In place of `agent_id`. Neither: an agent of defaults.' })
  @IsOptional()
  @Type(() => AgentFieldsDto)
  @IsObject()
  @ValidateNested()
  agent?: AgentFieldsDto;

  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    description: 'Whose members see the run. Default: the project of the conversation, else of the agent.',
  })
  @IsOptional()
  @IsUUID()
  project_id?: string;

  @ApiPropertyOptional({
    type: String,
    format: 'uuid',
    description: 'The conversation to go on with; its runs come one after another. Default: a new one.',
  })
  @IsOptional()
  @IsUUID()
  session_id?: string;

  @ApiPropertyOptional({ type: [AgentAttachmentDto], maxItems: MAX_ATTACHMENTS })
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(MAX_ATTACHMENTS)
  @Type(() => AgentAttachmentDto)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  attachments?: AgentAttachmentDto[];

  @ApiPropertyOptional({ type: Boolean, default: false, description: "Answer the run's events as they happen (SSE)." })
  @IsOptional()
  @IsBoolean()
  stream?: boolean;

  @ApiPropertyOptional({
    type: Number,
    minimum: 0,
    maximum: 600,
    default: 120,
    description: 'A run that ends in time is answered with its result and 200, else 202.',
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(600)
  wait_seconds?: number;

  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: 86_400_000, description: 'Default: no limit.' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(86_400_000)
  timeout_ms?: number;
}

/** What follows the status is there when one waited and the run has ended. */
export class AgentResultDto extends RunResultDto {
  @ApiProperty({ type: String, format: 'uuid', description: 'The conversation, to go on with.' })
  session_id: string;
}
