import type { StreamChunk } from './stream-event.js';

/** What chunks in a shared stream say beside their run and step, such as who writes. Named as on the wire. */
export type TextMarks = Readonly<Record<string, string | null>>;

/** Where the text of a run's steps is shown besides: to the subscribers of a shared stream. */
export interface TextRelay {
  readonly stream: string;
  readonly streamId: number;
  readonly marks: TextMarks;
}

export interface RelayedOrigin {
  readonly runId: string;
  readonly step: string;
  readonly marks: TextMarks;
}

/** The chunk as it passes in the shared stream. Its step says where it is from, so that this also reaches other processes. */
export function relayedChunk(chunk: StreamChunk, relay: TextRelay): StreamChunk {
  const { stream, streamId } = relay;
  return { ...chunk, stream, streamId, step: relayedStep(chunk.runId, chunk.step, relay), rootRunId: null };
}

/** Steps have keys without spaces; marks may have some, so they come last. */
export function relayedStep(runId: string, step: string, { marks }: Pick<TextRelay, 'marks'>): string {
  return [runId, step, JSON.stringify(marks)].join(' ');
}

/** Undefined for a chunk that is shown in the stream of its own run. */
export function originOf({ stream, step: key }: Pick<StreamChunk, 'stream' | 'step'>): RelayedOrigin | undefined {
  if (stream.startsWith('run:')) return undefined;
  const [runId = '', step = '', ...marks] = key.split(' ');
  return marks.length > 0 ? { runId, step, marks: JSON.parse(marks.join(' ')) as TextMarks } : undefined;
}
