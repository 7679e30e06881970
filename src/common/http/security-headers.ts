import type { FastifyInstance } from 'fastify';

const COMMON = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
};
/** An answer is data: nothing in it may be run, loaded or framed. */
const API_POLICY = "default-src 'none'; frame-ancestors 'none'";
/** The interactive docs bring scripts and pictures along; their styles are inline. */
const DOCS_POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";
// Only where TLS can be expected: it locks a browser out of plain http for a year.
const TLS_ONLY = { 'strict-transport-security': 'max-age=31536000; includeSubDomains' };

/**
 * Security headers that are the same for every answer. Fixed strings: a helmet per request made them anew each time,
 * for a fifth of the time of a whole authenticated GET.
 */
export function registerSecurityHeaders(server: FastifyInstance, isProduction: boolean): void {
  const shared = { ...COMMON, ...(isProduction && TLS_ONLY) };
  const api = { ...shared, 'content-security-policy': API_POLICY };
  const docs = { ...shared, 'content-security-policy': DOCS_POLICY };
  server.addHook('onRequest', (request, reply, done) => {
    void reply.headers(request.url.startsWith('/docs') ? docs : api);
    done();
  });
}
