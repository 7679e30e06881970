import type { z } from 'zod';

/** What an event is, for events.json and for those who emit it. */
export interface EventDefinition {
  /** Kinds of streams that carry it; none for what the server says to one connection. */
  readonly streams: readonly string[];
  readonly description: string;
  /** Its `data`. Readers must put up with fields they do not know. */
  readonly data: z.ZodType;
}

/** By type. Each module declares its own in `<module>.events.ts`; the module `events` puts them together. */
export type EventDefinitions = Readonly<Record<string, EventDefinition>>;
