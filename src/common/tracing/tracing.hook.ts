import type { FastifyInstance } from 'fastify';
import { runWithTrace } from './current-trace.js';
import { formatTraceparent, newTrace, parseTraceparent } from './traceparent.js';

/** Each request continues the caller's trace, or starts one, and its answer says which. */
export function registerTracing(server: FastifyInstance): void {
  server.addHook('onRequest', (request, reply, done) => {
    const header = request.headers['traceparent'];
    const trace = newTrace(parseTraceparent(typeof header === 'string' ? header : undefined));
    reply.header('traceparent', formatTraceparent(trace));
    runWithTrace(trace, done);
  });
}
