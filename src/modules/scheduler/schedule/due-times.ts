import type { CronExpression } from './cron-expression.js';
import { instantOf, wallTimeAt } from '../../../common/time/wall-clock.js';
import { ZoneOffsets } from '../../../common/time/zone-offsets.js';

/** Wall clocks, and where they hang. */
export interface CronSchedule {
  readonly expression: CronExpression;
  /** An IANA name. */
  readonly timezone: string;
}

/**
 * The first due instant after the given one. Undefined: never again. Pure.
 *
 * A schedule of fixed times of day fires once for each of them: a time that clocks are put forward past at the end of
 * the gap, however long (Apia left out the whole of 30 December 2011), a time that comes twice at its first. Several
 * times in one gap are one due instant. A schedule that repeats follows real time: it fires whenever clocks show what it
 * says, in both passes of an hour that comes twice, and not for what they never show.
 */
export function nextDue(schedule: CronSchedule, afterMs: number): number | undefined {
  return schedule.expression.isFixed ? nextFixed(schedule, afterMs) : nextRepeating(schedule, afterMs);
}

/** Instants grow with wall times, so none but later wall times have later instants. */
function nextFixed({ expression, timezone }: CronSchedule, afterMs: number): number | undefined {
  let wall = expression.nextAfter(wallTimeAt(timezone, afterMs));
  while (wall !== undefined) {
    const instant = instantOf(timezone, wall);
    if (instant > afterMs) return instant;
    wall = expression.nextAfter(wall);
  }
  return undefined;
}

/** Goes from one change of clocks to the next: between them wall time is real time, shifted. */
function nextRepeating({ expression, timezone }: CronSchedule, afterMs: number): number | undefined {
  const offsets = ZoneOffsets.of(timezone);
  let period = offsets.periodAt(afterMs);
  let wall = expression.nextAfter(afterMs + period.offsetMs);
  while (wall !== undefined && wall - period.offsetMs >= period.endMs) {
    period = offsets.periodAt(period.endMs);
    // What is due at the very moment of the change is due after it.
    wall = expression.nextAfter(period.startMs + period.offsetMs - 1);
  }
  return wall === undefined ? undefined : wall - period.offsetMs;
}
