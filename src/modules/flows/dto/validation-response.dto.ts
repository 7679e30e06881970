import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class GraphFaultDto {
  @ApiProperty({ type: String, example: '/nodes/2/data/language', description: 'JSON pointer into the body.' })
  path: string;

  @ApiProperty({ type: String, example: 'FIELD_INVALID' })
  code: string;

  @ApiProperty({ type: String })
  message: string;

  @ApiPropertyOptional({ type: String })
  node_id?: string;

  @ApiPropertyOptional({ type: String })
  field?: string;
}

export class ValidationResponseDto {
  @ApiProperty({ type: Boolean })
  valid: boolean;

  @ApiProperty({ type: [GraphFaultDto] })
  errors: GraphFaultDto[];
}
