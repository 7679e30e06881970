/** When an agent speaks without having been asked. Null: not so. */
export interface Triggers {
  /** After so many messages of people. */
  readonly every_messages: number | null;
  /** After the first of them. */
  readonly after_minutes: number | null;
  /** After the last message of anybody. */
  readonly after_silence_minutes: number | null;
}

/** What came since the agent last spoke unasked: without a message of a person nothing sets it off. */
export interface Pending {
  /** Messages of people. */
  readonly count: number;
  readonly firstAt: Date | null;
  /** Of anybody. */
  readonly lastAt: Date | null;
}

export type TriggerReason = 'messages' | 'minutes' | 'silence';

/** What sets it off now, or when to look again; null: not before somebody says something. */
export type TriggerLook = { readonly fires: TriggerReason } | { readonly lookAt: Date | null };

const MINUTE_MS = 60_000;

/** Pure. */
export function lookAtTriggers(triggers: Triggers, { count, firstAt, lastAt }: Pending, now: Date): TriggerLook {
  if (count === 0) return { lookAt: null };
  if (triggers.every_messages !== null && count >= triggers.every_messages) return { fires: 'messages' };
  const due = [
    ['minutes', dueAt(firstAt, triggers.after_minutes)],
    ['silence', dueAt(lastAt, triggers.after_silence_minutes)],
  ] as const;
  const [reason, at] = due.reduce((first, other) => (other[1] < first[1] ? other : first));
  if (at <= now.getTime()) return { fires: reason };
  return { lookAt: Number.isFinite(at) ? new Date(at) : null };
}

function dueAt(from: Date | null, minutes: number | null): number {
  return from === null || minutes === null ? Infinity : from.getTime() + minutes * MINUTE_MS;
}
