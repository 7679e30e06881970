import type { EventDataByType } from '../generated/events.gen.js';

export type EventType = keyof EventDataByType;

/** An event as it travels. Chunks and what is said to one connection have no `seq`. */
export type TroupeEvent<T extends EventType = EventType> = {
  [Type in T]: {
    readonly type: Type;
    readonly data: EventDataByType[Type];
    readonly stream?: string;
    readonly seq?: number;
    readonly at?: string;
    readonly trace_id?: string;
  };
}[T];

export type EventListener<T extends EventType = EventType> = (event: TroupeEvent<T>) => void;

const LAST_OF_RUN: ReadonlySet<string> = new Set(['execution.completed', 'execution.failed', 'execution.cancelled']);

/** Whether a stream ends with this event: those of runs do. */
export function endsStream({ type }: TroupeEvent): boolean {
  return LAST_OF_RUN.has(type);
}
