import { ZoneOffsets } from './zone-offsets.js';

/**
 * What clocks on the wall show, in milliseconds as if they stood in Greenwich. Sorted as times of day are, which
 * instants are not: a wall time may come twice, or never.
 */
export type WallMs = number;

export function wallTimeAt(timezone: string, instantMs: number): WallMs {
  return instantMs + ZoneOffsets.of(timezone).periodAt(instantMs).offsetMs;
}

/**
 * The first instant at which the clocks show that time; when they never do, because they are put forward past it, the
 * first instant after the gap. Grows with the wall time.
 */
export function instantOf(timezone: string, wall: WallMs): number {
  const offsets = ZoneOffsets.of(timezone);
  // No zone was ever further than a day from Greenwich, so the period in question begins after this instant or holds it.
  let period = offsets.periodAt(wall - DAY_MS);
  while (period.endMs + period.offsetMs <= wall) period = offsets.periodAt(period.endMs);
  return Math.max(wall - period.offsetMs, period.startMs);
}

const DAY_MS = 24 * 60 * 60 * 1000;
