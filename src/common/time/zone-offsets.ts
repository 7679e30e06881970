import { Temporal } from '@js-temporal/polyfill';

/** A stretch of time during which a zone's clocks keep one distance from UTC. */
export interface OffsetPeriod {
  /** Inclusive; -Infinity when it always was so. */
  readonly startMs: number;
  /** Exclusive; Infinity when it stays so. */
  readonly endMs: number;
  /** Local time less UTC. */
  readonly offsetMs: number;
}

const NANOS_PER_MS = 1_000_000;
/** Names may be written in any mix of letters, and asked for by anybody. */
const MAX_ZONES = 1_000;
const MAX_PERIODS = 64;

/**
 * How far the clocks of a time zone are from UTC, and when that changes. By the IANA data that comes with Node.
 *
 * What was looked up is kept: a schedule asks for the same few periods again and again.
 */
export class ZoneOffsets {
  private static readonly zones = new Map<string, ZoneOffsets>();
  /** The last to be looked up comes last; a schedule looks at the present and the near future. */
  private readonly known: OffsetPeriod[] = [];

  private constructor(private readonly timezone: string) {}

  /** @param timezone an IANA name, checked by {@link isTimezone} */
  static of(timezone: string): ZoneOffsets {
    const known = this.zones.get(timezone);
    if (known) return known;
    if (this.zones.size >= MAX_ZONES) this.zones.clear();
    const made = new ZoneOffsets(timezone);
    this.zones.set(timezone, made);
    return made;
  }

  periodAt(ms: number): OffsetPeriod {
    const known = this.known.find(({ startMs, endMs }) => startMs <= ms && ms < endMs);
    if (known) return known;
    const period = this.lookUp(ms);
    if (this.known.length >= MAX_PERIODS) this.known.shift();
    this.known.push(period);
    return period;
  }

  private lookUp(ms: number): OffsetPeriod {
    const at = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(this.timezone);
    // A transition at `at` itself is not before it.
    const start = at.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
    const end = at.getTimeZoneTransition('next');
    return {
      startMs: start?.epochMilliseconds ?? -Infinity,
      endMs: end?.epochMilliseconds ?? Infinity,
      offsetMs: at.offsetNanoseconds / NANOS_PER_MS,
    };
  }
}

/** Whether it is the name of a zone in the IANA data; a bare distance such as `+02:00` is none. */
export function isTimezone(text: string): boolean {
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
