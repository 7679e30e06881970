import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ClsServiceManager } from 'nestjs-cls';

const REQUEST = Symbol('request');
const cls = ClsServiceManager.getClsService<{ [REQUEST]?: FastifyRequest }>();

/** Lets what is done for a request say where it came from. After tracing, which opens the context. */
export function registerCurrentRequest(server: FastifyInstance): void {
  server.addHook('onRequest', (request, _reply, done) => {
    cls.set(REQUEST, request);
    done();
  });
}

/** Undefined for what no REST request asked for. */
export function currentRequest(): FastifyRequest | undefined {
  return cls.isActive() ? cls.get(REQUEST) : undefined;
}

const MAX_AGENT_LENGTH = 300;

/** From where the current request came. */
export function currentOrigin(): { readonly address: string | null; readonly userAgent: string | null } {
  const request = currentRequest();
  const agent = request?.headers['user-agent']?.slice(0, MAX_AGENT_LENGTH).replaceAll('\0', '').toWellFormed();
  return { address: request?.ip ?? null, userAgent: agent ?? null };
}
