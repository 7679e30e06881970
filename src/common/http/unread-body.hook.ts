import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

/** What is read for the sake of politeness, and for how long. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_MS = 5_000;

/**
 * Reads what is left of a request before it is refused. An answer in the middle of a request closes the connection
 * while the client still writes, and many clients then report a broken pipe instead of the answer.
 */
export function registerUnreadBody(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    if (reply.statusCode < 400 || request.raw.complete) return done(null, payload);
    discard(request.raw, () => done(null, payload));
  });
}

function discard(request: IncomingMessage, then: () => void): void {
  let bytes = 0;
  const stop = (): void => {
    clearTimeout(timer);
    request.off('data', count).off('end', stop).off('close', stop);
    then();
  };
  const count = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) stop();
  };
  const timer = setTimeout(stop, MAX_MS);
  request.on('data', count).on('end', stop).on('close', stop);
  request.resume();
}
