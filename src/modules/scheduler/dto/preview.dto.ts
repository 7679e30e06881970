import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsNumber, IsOptional, Max, Min } from 'class-validator';
import { localTime } from '../../../common/time/local-time.js';
import { IsInstant } from './is-instant.js';
import { TaskScheduleDto } from './task-schedule.dto.js';

export const MAX_PREVIEW = 100;
const DEFAULT_PREVIEW = 10;

/** Body of `POST /tasks/preview`. */
export class PreviewTaskDto extends TaskScheduleDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_PREVIEW, default: DEFAULT_PREVIEW })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_PREVIEW)
  count: number = DEFAULT_PREVIEW;
}

export class PreviewQueryDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 1, maximum: MAX_PREVIEW, default: DEFAULT_PREVIEW })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(MAX_PREVIEW)
  count: number = DEFAULT_PREVIEW;
}

/** Body of `POST /tasks/{id}/run`. */
export class RunTaskDto {
  @ApiPropertyOptional({
    type: Number,
    minimum: 0,
    maximum: 600,
    default: 0,
    description: 'A run that ends in time is answered with its result and 200, else 202.',
  })
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(600)
  wait_seconds: number = 0;
}

/** Body of `POST /tasks/{id}/backfill`. */
export class BackfillTaskDto {
  @ApiProperty({ type: String, format: 'date-time', description: 'Inclusive.', example: '2026-11-01T00:00:00Z' })
  @IsInstant()
  from: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    description: 'Inclusive; not after now.',
    example: '2026-11-02T00:00:00Z',
  })
  @IsInstant()
  to: string;
}

export class DueInstantDto {
  @ApiProperty({ type: String, format: 'date-time' })
  due_at: string;

  @ApiProperty({ type: String, description: 'What clocks show then and there.', example: '2026-03-29T03:00:00+02:00' })
  local: string;
}

export class PreviewResponseDto {
  @ApiProperty({ type: [DueInstantDto] })
  items: DueInstantDto[];
}

export function toDueInstant(dueMs: number, timezone: string): DueInstantDto {
  return { due_at: new Date(dueMs).toISOString(), local: localTime(dueMs, timezone) };
}
