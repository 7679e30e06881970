import { ClsServiceManager } from 'nestjs-cls';
import { formatTraceparent, newTrace, newTraceId, type Trace } from './traceparent.js';

const TRACE = Symbol('trace');
const cls = ClsServiceManager.getClsService<{ [TRACE]: Trace }>();

/** Runs `work`, and all that it starts, under a trace. */
export function runWithTrace<T>(trace: Trace, work: () => T): T {
  return cls.runWith({ [TRACE]: trace }, work);
}

export function currentTrace(): Trace | undefined {
  return cls.get<Trace | undefined>(TRACE);
}

/** The current trace id, or a new one outside any request. */
export function currentTraceId(): string {
  return currentTrace()?.traceId ?? newTraceId();
}

/** The `traceparent` header for a call to the outside: the current trace under a new span. */
export function outgoingTraceparent(): string {
  return formatTraceparent(newTrace(currentTrace()?.traceId));
}
