import { describe, expect, it } from 'vitest';
import { Random } from '../../../../test/model/random.js';
import { type Availability, isOpen, opensAt, WEEK_DAYS } from './availability.js';

const MINUTE_MS = 60_000;
const at = (text: string): number => Date.parse(text);

function berlin(from: string, to: string, days: Availability['windows'][number]['days'] = WEEK_DAYS): Availability {
  return { timezone: 'Europe/Berlin', windows: [{ days, from, to }] };
}

describe('isOpen', () => {
  it.each([
    ['from its first minute', berlin('09:00', '17:00', ['mon']), '2026-11-23T08:00:00Z', true],
    ['not before', berlin('09:00', '17:00', ['mon']), '2026-11-23T07:59:59.999Z', false],
    ['not at its end', berlin('09:00', '17:00', ['mon']), '2026-11-23T16:00:00Z', false],
    ['not on other days', berlin('09:00', '17:00', ['mon']), '2026-11-24T08:00:00Z', false],
    ['across midnight', berlin('22:00', '06:00', ['fri']), '2026-11-21T04:59:00Z', true],
    ['but from its own day on', berlin('22:00', '06:00', ['fri']), '2026-11-20T03:00:00Z', false],
    ['all day when it ends as it begins', berlin('00:00', '00:00', ['mon']), '2026-11-23T22:59:00Z', true],
    ['and not the day after', berlin('00:00', '00:00', ['mon']), '2026-11-23T23:00:00Z', false],
    ['in the first of a doubled hour', berlin('02:15', '02:45'), '2026-10-25T00:30:00Z', true],
    ['between the two', berlin('02:15', '02:45'), '2026-10-25T00:50:00Z', false],
    ['and in the second', berlin('02:15', '02:45'), '2026-10-25T01:30:00Z', true],
  ])('%s', (_, availability, instant, expected) => {
    expect(isOpen(availability, at(instant))).toBe(expected);
  });
});

describe('opensAt', () => {
  it.each([
    ['the next morning', berlin('09:00', '17:00'), '2026-11-20T16:00:00Z', '2026-11-21T08:00:00.000Z'],
    ['the next week', berlin('09:00', '17:00', ['fri']), '2026-11-20T16:00:00Z', '2026-11-27T08:00:00.000Z'],
    ['the second of a doubled hour', berlin('02:15', '02:45'), '2026-10-25T00:50:00Z', '2026-10-25T01:15:00.000Z'],
    ['the end of the gap', berlin('02:30', '05:00'), '2027-03-28T00:00:00Z', '2027-03-28T01:00:00.000Z'],
    [
      'a week later when the gap swallows it',
      berlin('02:10', '02:50', ['sun']),
      '2027-03-27T12:00:00Z',
      '2027-04-04T00:10:00.000Z',
    ],
  ])('%s', (_, availability, instant, expected) => {
    expect(new Date(opensAt(availability, at(instant)) ?? Number.NaN).toISOString()).toBe(expected);
  });

  const zones = [
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'America/Santiago',
    'Asia/Beirut',
  ];
  const times = (random: Random) => {
    const minutes = random.int(0, 95) * 15;
    return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  };

  /** From a random minute of a year in which each of these zones changes its clocks. */
  it.each(Array.from({ length: 60 }, (_, seed) => seed))('is the first open minute, whatever the zone (%i)', (seed) => {
    const random = new Random(seed);
    const windows = Array.from({ length: random.int(1, 3) }, () => ({
      days: WEEK_DAYS.filter((_, index) => index === seed % 7 || random.chance(0.3)),
      from: times(random),
      to: times(random),
    }));
    const availability = { timezone: random.pick(zones), windows };
    const changes = ['2027-03-28', '2027-10-31', '2027-04-04', '2027-11-07', '2027-03-14', '2027-09-05'];
    let now = at(random.pick(changes)) + random.int(-48 * 60, 36 * 60) * MINUTE_MS;
    while (isOpen(availability, now)) now += MINUTE_MS;
    const opening = opensAt(availability, now) ?? Number.NaN;
    expect(isOpen(availability, opening)).toBe(true);
    let first = now;
    while (!isOpen(availability, first)) first += MINUTE_MS;
    expect(new Date(opening).toISOString()).toBe(new Date(first).toISOString());
  });
});
