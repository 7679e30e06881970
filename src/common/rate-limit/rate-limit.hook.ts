import type { FastifyInstance, FastifyRequest } from 'fastify';
import { toProblem } from '../errors/problem.js';
import { sendProblem } from '../errors/problem.filter.js';
import { currentTraceId } from '../tracing/current-trace.js';
import { RateLimitedError } from './rate-limited.error.js';
import type { RequestRates } from './request-rates.js';

/** Balancers and scrapers ask all the time, and all from one address. */
const EXEMPT = /^\/api\/v1\/(health|metrics)(\/|\?|$)/;

/** Counts whoever brings nothing to sign in with, before the body is read. Who brings something is the guard's to count. */
export function registerRateLimit(server: FastifyInstance, rates: RequestRates): void {
  server.addHook('onRequest', (request, reply, done) => {
    if ((mayBeSignedIn(request) && !request.is404) || EXEMPT.test(request.url)) return done();
    try {
      rates.takeForAddress(request, reply);
      done();
    } catch (error) {
      if (!(error instanceof RateLimitedError)) return done(error as Error);
      sendProblem(reply, toProblem(error, currentTraceId()), error.retryAfterSeconds);
    }
  });
}

function mayBeSignedIn({ headers, url }: FastifyRequest): boolean {
  return headers.authorization !== undefined || headers.cookie !== undefined || url.includes('token=');
}
