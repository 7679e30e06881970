/** A committed event as it goes to readers. The same object is handed to every subscriber: never change it. */
export interface StreamEvent {
  /** `run:<uuid>`, `user:<uuid>`, … */
  readonly stream: string;
  readonly streamId: number;
  readonly seq: number;
  readonly type: string;
  /** JSON text, passed on as it was stored. */
  readonly payload: string;
  readonly at: Date;
  readonly traceId: string;
  readonly ownerId: string | null;
  readonly projectId: string | null;
  /** Of run streams. Null when it is not known, as for events read back from the journal. */
  readonly rootRunId: string | null;
}

/** A piece of text of a step in progress. Not numbered and not kept: the step's event has the whole. */
export interface StreamChunk {
  readonly stream: string;
  readonly streamId: number;
  readonly runId: string;
  readonly step: string;
  readonly attempt: number;
  /** In UTF-16 code units from the start of this attempt. */
  readonly offset: number;
  readonly text: string;
  readonly ownerId: string | null;
  readonly rootRunId: string | null;
}

/** Events that retention took away before they could be read: `from` to `to`, both included. */
export interface StreamGap {
  readonly stream: string;
  readonly from: number;
  readonly to: number;
}

/** Where a stream stands. */
export interface StreamHead {
  readonly streamId: number;
  readonly stream: string;
  /** Lowest seq that can still be read. */
  readonly firstSeq: number;
  /** 0 when nothing was written yet. */
  readonly lastSeq: number;
}

const LAST_OF_A_RUN: ReadonlySet<string> = new Set(['execution.completed', 'execution.failed', 'execution.cancelled']);

/** Whether nothing can follow this event in its stream. */
export function endsStream(event: Pick<StreamEvent, 'stream' | 'type'>): boolean {
  return LAST_OF_A_RUN.has(event.type) && event.stream.startsWith('run:');
}
