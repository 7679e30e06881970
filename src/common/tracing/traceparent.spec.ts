import { describe, expect, it } from 'vitest';
import { currentTraceId, outgoingTraceparent, runWithTrace } from './current-trace.js';
import { formatTraceparent, newTrace, newTraceId, parseTraceparent } from './traceparent.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';

describe('parseTraceparent', () => {
  it('takes the trace id of a valid header', () => {
    expect(parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-01`)).toBe(TRACE_ID);
  });

  it('reads a later version, which may carry more fields', () => {
    expect(parseTraceparent(`01-${TRACE_ID}-${SPAN_ID}-01-more`)).toBe(TRACE_ID);
  });

  it.each([
    undefined,
    '',
    TRACE_ID,
    `00-${TRACE_ID}-${SPAN_ID}-01-more`,
    `ff-${TRACE_ID}-${SPAN_ID}-01`,
    `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`,
  ])('refuses %s', (header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});

describe('newTraceId', () => {
  it('never repeats and is 32 hexadecimal digits', () => {
    const ids = Array.from({ length: 2000 }, newTraceId);
    expect(new Set(ids).size).toBe(2000);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
  });
});

describe('runWithTrace', () => {
  it('carries the trace through awaits and gives outgoing calls a span of their own', async () => {
    const trace = newTrace(TRACE_ID);
    const [traceId, header] = await runWithTrace(trace, async () => {
      await Promise.resolve();
      return [currentTraceId(), outgoingTraceparent()];
    });
    expect(traceId).toBe(TRACE_ID);
    expect(parseTraceparent(header)).toBe(TRACE_ID);
    expect(header).not.toBe(formatTraceparent(trace));
  });
});
