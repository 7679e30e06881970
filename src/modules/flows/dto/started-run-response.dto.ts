import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

class ReusedNodeDto {
  @ApiProperty({ type: String })
  node_id: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  from_run_id?: string;
}

class RunErrorDto {
  @ApiProperty({ type: String })
  code: string;

  @ApiProperty({ type: String })
  message: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  details?: Readonly<Record<string, unknown>>;
}

class FailedNodeDto {
  @ApiProperty({ type: String })
  node_id: string;

  @ApiProperty({ type: RunErrorDto })
  error: RunErrorDto;
}

/** Answer of a start; what follows `reused` only when one waited and the run has ended. */
export class StartedRunResponseDto {
  @ApiProperty({ type: String, format: 'uuid' })
  run_id: string;

  @ApiProperty({
    enum: ['queued', 'running', 'waiting', 'paused', 'cancelling', 'completed', 'failed', 'cancelled'],
  })
  status: string;

  @ApiProperty({ type: [ReusedNodeDto], description: 'Nodes whose outputs were taken over from before.' })
  reused: ReusedNodeDto[];

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'Node outputs by node id.' })
  outputs?: Readonly<Record<string, unknown>>;

  @ApiPropertyOptional({ type: [FailedNodeDto] })
  failed_nodes?: readonly FailedNodeDto[];

  @ApiPropertyOptional({ type: RunErrorDto, nullable: true })
  error?: RunErrorDto | null;
}
