import type { Params } from 'nestjs-pino';
import { stdTimeFunctions } from 'pino';
import { currentTrace } from '../tracing/current-trace.js';

const SECRET_FIELDS = [
  'authorization',
  'cookie',
  '"set-cookie"',
  'password',
  'token',
  'access_token',
  'refresh_token',
  'secret',
  'api_key',
  'apiKey',
  'setup_token',
];
const REDACTED_PATHS = SECRET_FIELDS.flatMap((field) => {
  const path = field.startsWith('"') ? `[${field}]` : `.${field}`;
  return [path.replace(/^\./, ''), `*${path}`, `*.*${path}`];
});

/** JSON lines with the trace id of the request, without secrets; requests are logged by the access log hook. */
export function logOptions(level: string): Params {
  return {
    // No middleware: it would cost every request a child logger and a second async context.
    forRoutes: [],
    pinoHttp: {
      level,
      autoLogging: false,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: traceFields,
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    },
  };
}

function traceFields(): object {
  const trace = currentTrace();
  return trace ? { trace_id: trace.traceId } : {};
}

const SECRET_QUERY = /([?&](?:token|access_token|refresh_token|api_key|key|secret|password)=)[^&#]*/gi;

/** An address as it may be logged: credentials in the query are cut out. */
export function loggableUrl(url: string): string {
  return url.includes('=') ? url.replace(SECRET_QUERY, '$1[redacted]') : url;
}
