import { randomFillSync } from 'node:crypto';

/** The W3C trace context of one request. Ids are lower-case hexadecimal: 32 digits for the trace, 16 for the span. */
export interface Trace {
  readonly traceId: string;
  readonly spanId: string;
}

const PATTERN = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-|$)/;
const ZEROS = /^0+$/;
// One system call per 512 ids: a call per request costs more than the rest of the hook.
const pool = Buffer.alloc(4096);
let used = pool.length;

/** The trace id of a `traceparent` header, or undefined when the header is absent or malformed (W3C Trace Context 3.2). */
export function parseTraceparent(header: string | undefined): string | undefined {
  const match = header === undefined ? null : PATTERN.exec(header);
  if (!match) return undefined;
  const [, version, traceId = '', spanId = '', rest] = match;
  const isMalformed = version === 'ff' || (version === '00' && rest !== '');
  return isMalformed || ZEROS.test(traceId) || ZEROS.test(spanId) ? undefined : traceId;
}

export function formatTraceparent(trace: Trace): string {
  return `00-${trace.traceId}-${trace.spanId}-01`;
}

export function newTrace(traceId: string = newTraceId()): Trace {
  return { traceId, spanId: randomHex(8) };
}

export function newTraceId(): string {
  return randomHex(16);
}

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}
