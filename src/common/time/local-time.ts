import { Temporal } from '@js-temporal/polyfill';

/** What clocks there show, with their distance from UTC: `2026-03-29T03:00:00+02:00`. */
export function localTime(instantMs: number, timezone: string): string {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timezone);
  return zoned.toString({ timeZoneName: 'never' });
}
