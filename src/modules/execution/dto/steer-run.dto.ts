import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsNotEmpty, IsObject, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class CancelRunDto {
  @ApiPropertyOptional({ type: String, maxLength: 1_000, description: 'Shown in `execution.cancelled`' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  reason?: string;
}

export class SignalRunDto {
  @ApiProperty({ type: String, maxLength: 1_000, example: 'approve', description: 'Of an approval: approve or reject' })
  @IsString()
  @IsNotEmpty()
  @MaxLength(1_000)
  decision: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  data?: Readonly<Record<string, unknown>>;
}

export class RetryRunDto {
  @ApiPropertyOptional({ type: 'integer', minimum: 0, maximum: 600, default: 0, description: 'Wait for the end' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(600)
  wait_seconds: number = 0;
}
