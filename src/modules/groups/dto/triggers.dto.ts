import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import type { Triggers } from '../triggers/triggers.js';

const MAX_MESSAGES = 1_000;
const MAX_MINUTES = 10_080;
const minutesOf = (description: string) =>
  ({ type: 'integer', minimum: 1, maximum: MAX_MINUTES, nullable: true, description }) as const;

/** What is absent sets nothing off. */
export class TriggersDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: 1,
    maximum: MAX_MESSAGES,
    nullable: true,
    description: 'After so many messages of people.',
    example: 10,
  })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_MESSAGES)
  every_messages?: number | null;

  @ApiPropertyOptional(minutesOf('So long after the first of these messages.'))
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_MINUTES)
  after_minutes?: number | null;

  @ApiPropertyOptional(minutesOf('When nobody has said anything for so long since the last of these messages.'))
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MAX_MINUTES)
  after_silence_minutes?: number | null;
}

export function toTriggers({ every_messages, after_minutes, after_silence_minutes }: TriggersDto): Triggers | null {
  const triggers = {
    every_messages: every_messages ?? null,
    after_minutes: after_minutes ?? null,
    after_silence_minutes: after_silence_minutes ?? null,
  };
  return Object.values(triggers).every((value) => value === null) ? null : triggers;
}
