import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

const MAX_SEQ = 2 ** 31 - 1;
const MAX_TOKEN_LENGTH = 4_096;
const STREAM = /^[a-z]{1,20}:[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

export class RunEventsQueryDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    maximum: MAX_SEQ,
    default: 0,
    description: 'Only events with a greater seq',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_SEQ)
  after: number = 0;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 100,
    description: 'Not for server-sent events',
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 100;

  @ApiPropertyOptional({
    type: String,
    maxLength: MAX_TOKEN_LENGTH,
    description: 'Access token, for EventSource, which cannot send headers',
  })
  @IsOptional()
  @IsString()
  @MaxLength(MAX_TOKEN_LENGTH)
  token?: string;
}

export class EventsQueryDto extends RunEventsQueryDto {
  @ApiProperty({ type: String, pattern: STREAM.source, example: 'run:0198c5b0-0000-7000-8000-000000000000' })
  @Matches(STREAM, {
    message: 'must be a kind and an id, as in run:<uuid>',
  })
  stream: string;
}
