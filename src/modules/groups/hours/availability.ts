import { type WallMs, wallTimeAt } from '../../../common/time/wall-clock.js';
import { ZoneOffsets } from '../../../common/time/zone-offsets.js';

export const WEEK_DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type WeekDay = (typeof WEEK_DAYS)[number];

/** From a time of day up to another, on the days on which it begins. One that does not end later ends on the day after. */
export interface AvailabilityWindow {
  readonly days: readonly WeekDay[];
  /** `HH:MM`, as clocks show it. */
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
}

/** When the agents of a group are there. */
export interface Availability {
  /** An IANA name. */
  readonly timezone: string;
  readonly windows: readonly AvailabilityWindow[];
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A window may be swallowed by clocks that are put forward; its next day is a week later. */
const DAYS_AHEAD = 15;

/** Goes by what the clocks there show: a doubled hour is doubled, one that is left out is not there. Pure. */
export function isOpen({ timezone, windows }: Availability, instantMs: number): boolean {
  const { day, ms } = dayAndTime(wallTimeAt(timezone, instantMs));
  const [today, yesterday] = [dayName(day), dayName(day - 1)];
  return windows.some(({ days, from, to }) => {
    const [fromMs, toMs] = [timeMs(from), timeMs(to)];
    if (fromMs < toMs) return days.includes(today) && ms >= fromMs && ms < toMs;
    return (days.includes(today) && ms >= fromMs) || (days.includes(yesterday) && ms < toMs);
  });
}

/** The first instant after this one, at which they are away, that they are there again; undefined: never. Pure. */
export function opensAt(availability: Availability, instantMs: number): number | undefined {
  const { timezone, windows } = availability;
  const { day: today } = dayAndTime(wallTimeAt(timezone, instantMs));
  // From yesterday on: across midnight a window goes on where clocks are changed in the night.
  const days = Array.from({ length: DAYS_AHEAD + 2 }, (_, index) => today - 1 + index);
  const openings = days
    .flatMap((day) => beginningsOn(windows, day).flatMap((wall) => instantsNear(timezone, wall)))
    .filter((instant) => instant > instantMs && isOpen(availability, instant));
  return openings.length > 0 ? Math.min(...openings) : undefined;
}

function beginningsOn(windows: readonly AvailabilityWindow[], day: number): WallMs[] {
  const beginning = windows.filter(({ days }) => days.includes(dayName(day)));
  return beginning.map(({ from }) => day * DAY_MS + timeMs(from));
}

/** Those at which the clocks show that time, and those at which they are changed within a day of it. */
function instantsNear(timezone: string, wall: WallMs): number[] {
  const offsets = ZoneOffsets.of(timezone);
  const near: number[] = [];
  for (let period = offsets.periodAt(wall - DAY_MS); ; period = offsets.periodAt(period.endMs)) {
    const instant = wall - period.offsetMs;
    if (instant >= period.startMs && instant < period.endMs) near.push(instant);
    if (period.endMs > wall + DAY_MS) return near;
    near.push(period.endMs);
  }
}

function dayAndTime(wall: WallMs): { readonly day: number; readonly ms: number } {
  const day = Math.floor(wall / DAY_MS);
  return { day, ms: wall - day * DAY_MS };
}

/** @param day counted from 1970-01-01, which was a Thursday */
function dayName(day: number): WeekDay {
  const index = (((day + 4) % 7) + 7) % 7;
  return WEEK_DAYS[index] ?? 'sun';
}

function timeMs(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return (hours * 60 + minutes) * MINUTE_MS;
}
