import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsIn,
  IsString,
  Length,
  Matches,
  ValidateNested,
  IsObject,
} from 'class-validator';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { isTimezone } from '../../../common/time/zone-offsets.js';
import { type Availability, type AvailabilityWindow, WEEK_DAYS, type WeekDay } from '../hours/availability.js';

const MAX_WINDOWS = 21;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const TIME_FIELD = { type: String, pattern: TIME.source, minLength: 5, maxLength: 5 } as const;

export class AvailabilityWindowDto implements AvailabilityWindow {
  @ApiProperty({
    enum: WEEK_DAYS,
    isArray: true,
    minItems: 1,
    maxItems: WEEK_DAYS.length,
    uniqueItems: true,
    description: 'On which it begins.',
    example: ['mon', 'tue', 'wed', 'thu', 'fri'],
  })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(WEEK_DAYS.length)
  @ArrayUnique()
  @IsIn(WEEK_DAYS, { each: true })
  days: WeekDay[];

  @ApiProperty({ ...TIME_FIELD, example: '09:00' })
  @IsString()
  @Matches(TIME, { message: 'must be a time of day such as 09:00' })
  from: string;

  @ApiProperty({
    ...TIME_FIELD,
    description: 'Exclusive. Not later than `from`: on the day after.',
    example: '17:30',
  })
  @IsString()
  @Matches(TIME, { message: 'must be a time of day such as 17:30' })
  to: string;
}

export class AvailabilityDto implements Availability {
  @ApiProperty({ type: String, minLength: 1, maxLength: 100, description: 'An IANA name.', example: 'Europe/Berlin' })
  @IsString()
  @Length(1, 100)
  timezone: string;

  @ApiProperty({ type: [AvailabilityWindowDto], minItems: 1, maxItems: MAX_WINDOWS })
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MAX_WINDOWS)
  @Type(() => AvailabilityWindowDto)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  windows: AvailabilityWindowDto[];
}

/** @throws {InvalidInputError} */
export function toAvailability({ timezone, windows }: AvailabilityDto): Availability {
  if (!isTimezone(timezone)) {
    const path = '/availability/timezone';
    throw new InvalidInputError([{ path, code: 'TIMEZONE_UNKNOWN', message: 'must be an IANA name' }]);
  }
  return { timezone, windows: windows.map(({ days, from, to }) => ({ days, from, to })) };
}
