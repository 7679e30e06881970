import type { StreamChunk, StreamEvent } from './stream-event.js';
import { originOf } from './text-relay.js';

export const CHUNK_TYPE = 'agent.token';

const envelopes = new WeakMap<StreamEvent, string>();

/**
 * What readers get of an event, as JSON text: `{ type, data, stream, seq, at, trace_id }`. Made once for all readers;
 * the payload goes through as it was stored, without being parsed.
 */
export function eventEnvelope(event: StreamEvent): string {
  let text = envelopes.get(event);
  if (text === undefined) envelopes.set(event, (text = writeEnvelope(event)));
  return text;
}

export function chunkEnvelope(chunk: StreamChunk): string {
  const { attempt, offset, text } = chunk;
  const data = JSON.stringify({ ...placeOf(chunk), attempt, offset, text });
  return `{"type":"${CHUNK_TYPE}","data":${data},"stream":${JSON.stringify(chunk.stream)}}`;
}

function placeOf(chunk: StreamChunk): Readonly<Record<string, string | null>> {
  const origin = originOf(chunk);
  if (!origin) return { run_id: chunk.runId, step: chunk.step };
  return { run_id: origin.runId, step: origin.step, ...origin.marks };
}

/** Of what the server says by itself, outside any numbered stream. */
export function noticeEnvelope(type: string, data: Readonly<Record<string, unknown>>, at = new Date()): string {
  return JSON.stringify({ type, data, at: at.toISOString() });
}

function writeEnvelope({ type, payload, stream, seq, at, traceId }: StreamEvent): string {
  const head = `{"type":${JSON.stringify(type)},"data":${payload},"stream":${JSON.stringify(stream)}`;
  return `${head},"seq":${seq},"at":"${at.toISOString()}","trace_id":"${traceId}"}`;
}
