import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ProblemDto } from '../../../common/errors/problem.dto.js';
import type { CheckResult } from '../../../common/lifecycle/readiness-registry.js';

export class LivenessDto {
  @ApiProperty({ type: String, enum: ['ok'] })
  status: 'ok';
}

export class ReadinessCheckDto {
  @ApiProperty({ type: String, example: 'database' })
  name: string;

  @ApiProperty({ type: String, enum: ['ok', 'failed'] })
  status: 'ok' | 'failed';

  @ApiPropertyOptional({ type: String, description: 'Why it failed' })
  reason?: string;

  @ApiPropertyOptional({ type: String, description: 'What an operator should know although it is usable' })
  note?: string;

  @ApiProperty({ type: 'integer', example: 2 })
  duration_ms: number;
}

export class ReadinessDto {
  @ApiProperty({ type: String, enum: ['ready'] })
  status: 'ready';

  @ApiProperty({ type: [ReadinessCheckDto] })
  checks: ReadinessCheckDto[];
}

export class NotReadyDto extends ProblemDto {
  @ApiProperty({ type: [ReadinessCheckDto] })
  checks: ReadinessCheckDto[];
}

export function toCheckDto({ name, isReady, reason, note, durationMs }: CheckResult): ReadinessCheckDto {
  const status = isReady ? 'ok' : 'failed';
  return {
    name,
    status,
    duration_ms: durationMs,
    ...(reason !== undefined && { reason }),
    ...(note !== undefined && { note }),
  };
}
