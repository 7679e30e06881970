import { describe, expect, it } from 'vitest';
import { Random } from '../../../../test/model/random.js';
import { lookAtTriggers, type Triggers } from './triggers.js';

const at = (minute: number): Date => new Date(Date.parse('2026-11-20T12:00:00Z') + minute * 60_000);
const NONE: Triggers = { every_messages: null, after_minutes: null, after_silence_minutes: null };

function looked(triggers: Partial<Triggers>, count: number, now: number, last = 0) {
  const pending = { count, firstAt: count === 0 ? null : at(0), lastAt: at(last) };
  return lookAtTriggers({ ...NONE, ...triggers }, pending, at(now));
}

describe('lookAtTriggers', () => {
  it.each([
    ['waits for a message of a person', looked({ every_messages: 1, after_minutes: 1 }, 0, 99), { lookAt: null }],
    ['counts them', looked({ every_messages: 3 }, 2, 99), { lookAt: null }],
    ['up to so many', looked({ every_messages: 3 }, 3, 0), { fires: 'messages' }],
    ['looks again when minutes are over', looked({ after_minutes: 5 }, 1, 4), { lookAt: at(5) }],
    ['and is set off then', looked({ after_minutes: 5 }, 1, 5), { fires: 'minutes' }],
    ['which a later message does not put off', looked({ after_minutes: 5 }, 2, 5, 4), { fires: 'minutes' }],
    ['as it does silence', looked({ after_silence_minutes: 5 }, 2, 5, 4), { lookAt: at(9) }],
    ['until it is silent', looked({ after_silence_minutes: 5 }, 2, 9, 4), { fires: 'silence' }],
    ['looks at what is first', looked({ after_minutes: 8, after_silence_minutes: 5 }, 2, 5, 1), { lookAt: at(6) }],
  ])('%s', (_, look, expected) => {
    expect(look).toEqual(expected);
  });

  /** However often one looks, and whenever: it is set off at the same time. */
  it.each(Array.from({ length: 50 }, (_, seed) => seed))('is set off at its time, whoever looks (%i)', (seed) => {
    const random = new Random(seed);
    const maybe = () => (random.chance(0.6) ? random.int(1, 30) : null);
    const triggers = { every_messages: null, after_minutes: maybe(), after_silence_minutes: maybe() };
    const last = random.int(0, 20);
    const due = Math.min(triggers.after_minutes ?? Infinity, last + (triggers.after_silence_minutes ?? Infinity));
    let now = last;
    let look = looked(triggers, 2, now, last);
    while ('lookAt' in look && look.lookAt !== null) {
      expect(now).toBeLessThan(due);
      now = random.chance(0.5) ? now + 1 : (look.lookAt.getTime() - at(0).getTime()) / 60_000;
      look = looked(triggers, 2, now, last);
    }
    const isSetOff = Number.isFinite(due);
    expect('fires' in look).toBe(isSetOff);
    expect(now).toBe(isSetOff ? Math.max(due, last) : last);
  });
});
