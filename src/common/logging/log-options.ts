import type { Params } from 'nestjs-pino';
import { type LogFn, type Logger, stdTimeFunctions } from 'pino';
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
      hooks: { logMethod: withoutBootChatter },
    },
  };
}

/** What Nest tells of its own wiring at each start is of interest to nobody who reads `info`. */
const BOOT_CONTEXTS = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);
const INFO = 30;

function withoutBootChatter(this: Logger, args: Parameters<LogFn>, log: LogFn, level: number): void {
  const fields = args[0] as { readonly context?: unknown } | undefined;
  const isChatter = level === INFO && BOOT_CONTEXTS.has(String(fields?.context));
  if (!isChatter || this.isLevelEnabled('debug')) log.apply(this, args);
}

function traceFields(): object {
  const trace = currentTrace();
  return trace ? { trace_id: trace.traceId } : {};
}
