import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PinoLogger } from 'nestjs-pino';
import { loggableUrl } from './redaction.js';

const SLOW_MS = 1_000;

/** One line per answered request: at level info, or debug when somebody read something and all went well. */
export function registerAccessLog(server: FastifyInstance, log: PinoLogger): void {
  const { logger } = log;
  server.addHook('onResponse', (request, reply, done) => {
    const level = isRoutine(reply) ? 'debug' : 'info';
    if (logger.isLevelEnabled(level)) logger[level](accessFields(reply), `${request.method} answered`);
    done();
  });
}

/** Such lines would be most of the log and half the cost of the request. */
function isRoutine({ request, statusCode, elapsedTime }: FastifyReply): boolean {
  return request.method === 'GET' && statusCode < 400 && elapsedTime < SLOW_MS;
}

function accessFields({ request, statusCode, elapsedTime }: FastifyReply): object {
  return {
    context: 'Access',
    method: request.method,
    url: loggableUrl(request.originalUrl),
    status: statusCode,
    duration_ms: Math.round(elapsedTime * 10) / 10,
    address: request.ip,
  };
}
