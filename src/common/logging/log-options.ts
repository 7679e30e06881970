import type { Params } from 'nestjs-pino';
import { stdTimeFunctions } from 'pino';
import { currentTrace } from '../tracing/current-trace.js';
import { loggableError } from './loggable-error.js';
import { redact } from './redaction.js';

/** JSON lines with the trace id of the request and without secrets; requests are logged by the access log hook. */
export function logOptions(level: string): Params {
  return {
    // No middleware: it would cost every request a child logger and a second async context.
    forRoutes: [],
    pinoHttp: {
      level,
      autoLogging: false,
      wrapSerializers: false,
      serializers: { err: loggableError },
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      mixin: traceFields,
      // Not pino's own redaction: its wildcard paths cost a third of an authenticated GET.
      formatters: { level: (label) => ({ level: label }), log: redact },
    },
  };
}

function traceFields(): object {
  const trace = currentTrace();
  return trace ? { trace_id: trace.traceId } : {};
}
