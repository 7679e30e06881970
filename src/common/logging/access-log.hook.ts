import type { FastifyInstance } from 'fastify';
import type { PinoLogger } from 'nestjs-pino';
import { loggableUrl } from './log-options.js';

/** One line per answered request, at level info. */
export function registerAccessLog(server: FastifyInstance, log: PinoLogger): void {
  if (!log.logger.isLevelEnabled('info')) return;
  server.addHook('onResponse', (request, reply, done) => {
    log.info(
      {
        context: 'Access',
        method: request.method,
        url: loggableUrl(request.originalUrl),
        status: reply.statusCode,
        duration_ms: Math.round(reply.elapsedTime * 10) / 10,
        address: request.ip,
      },
      'request',
    );
    done();
  });
}
