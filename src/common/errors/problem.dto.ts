import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class InputFaultDto {
  @ApiProperty({
    type: String,
    description: 'JSON pointer into the body, or `?name` for a query parameter',
    example: '/nodes/2/data/text',
  })
  path: string;

  @ApiProperty({ type: String, example: 'MIN_LENGTH' })
  code: string;

  @ApiProperty({ type: String, example: 'must be at least 8 characters long' })
  message: string;

  @ApiPropertyOptional({
    type: String,
    description: 'Of the graph of a flow: the node that is at fault',
    example: 'idea',
  })
  node_id?: string;

  @ApiPropertyOptional({
    type: String,
    description: 'Of the graph of a flow: the field of the node',
    example: 'language',
  })
  field?: string;
}

/** RFC 9457 problem details. */
export class ProblemDto {
  @ApiProperty({ type: String, example: 'about:blank' })
  type: string;

  @ApiProperty({ type: String, example: 'Bad Request' })
  title: string;

  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599, example: 400 })
  status: number;

  @ApiProperty({ type: String, example: 'password: must be at least 8 characters long' })
  detail: string;

  @ApiProperty({ type: String, description: 'Stable; all are listed in docs/errors.md', example: 'INVALID_INPUT' })
  code: string;

  @ApiProperty({ type: String, pattern: '^[0-9a-f]{32}$', example: '4bf92f3577b34da6a3ce929d0e0e4736' })
  trace_id: string;

  @ApiPropertyOptional({ type: [InputFaultDto], description: 'Every fault of the input' })
  errors?: InputFaultDto[];
}
