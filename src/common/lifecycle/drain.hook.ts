import type { FastifyInstance } from 'fastify';
import { problem } from '../errors/problem.js';
import { sendProblem } from '../errors/problem.filter.js';
import { currentTraceId } from '../tracing/current-trace.js';
import type { DrainState } from './drain-state.js';

// Probes and scrapes go on to the end: they tell the balancer why.
const STILL_ANSWERED = /^\/api\/v1\/(health|metrics)(\/|\?|$)/;

/** A draining process refuses new requests, so that the balancer sends them elsewhere. */
export function registerDrain(server: FastifyInstance, state: DrainState): void {
  server.addHook('onRequest', (request, reply, done) => {
    if (!state.isDraining || STILL_ANSWERED.test(request.url)) return done();
    void reply.header('connection', 'close');
    sendProblem(reply, problem(503, 'DRAINING', 'The server is shutting down', currentTraceId()));
  });
}
