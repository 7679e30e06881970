import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { PageQueryDto } from '../../../common/paging/page-query.dto.js';
import type { RunStatus } from '../../../engine/index.js';
import { RUN_STATUSES } from './run-response.dto.js';

export class ListRunsDto extends PageQueryDto {
  @ApiPropertyOptional({ type: String, maxLength: 100, example: 'flow' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  kind?: string;

  @ApiPropertyOptional({ type: String, enum: RUN_STATUSES })
  @IsOptional()
  @IsIn(RUN_STATUSES)
  status?: RunStatus;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  @IsOptional()
  @IsUUID()
  project_id?: string;
}
