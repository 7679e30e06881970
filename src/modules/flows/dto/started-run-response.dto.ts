import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { RunResultDto } from '../../execution/dto/run-response.dto.js';

class ReusedNodeDto {
  @ApiProperty({ type: String })
  node_id: string;

  @ApiPropertyOptional({ type: String, format: 'uuid' })
  from_run_id?: string;
}

/** What follows the status is there when one waited and the run has ended. */
export class StartedRunResponseDto extends RunResultDto {
  @ApiProperty({ type: [ReusedNodeDto], description: 'Nodes whose outputs were taken over from before.' })
  reused: ReusedNodeDto[];
}
