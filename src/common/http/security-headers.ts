import type { FastifyHelmetOptions } from '@fastify/helmet';

/** Strict for answers, and just wide enough for the interactive docs, whose styles are inline. */
export function securityHeaders(isProduction: boolean): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    // Browsers of other origins that CORS lets in must be able to read the answers.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    // Only where TLS can be expected: it locks a browser out of plain http for months.
    strictTransportSecurity: isProduction,
  };
}
