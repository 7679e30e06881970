import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyReply } from 'fastify';
import { problem } from '../errors/problem.js';
import { sendProblem } from '../errors/problem.filter.js';
import { formatTraceparent, newTrace, newTraceId } from '../tracing/traceparent.js';

/** An address that the router cannot read never reaches a hook, so that it has no trace yet. */
export function answerUnreadableAddress(error: Error, _request: unknown, reply: FastifyReply): void {
  const trace = newTrace();
  void reply.header('traceparent', formatTraceparent(trace));
  sendProblem(reply, problem(400, 'MALFORMED_REQUEST', error.message, trace.traceId));
}

const STATUS_OF_PARSER: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** What is not HTTP, or comes too slowly: there is no request, only a socket. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF_PARSER[error.code ?? ''] ?? 400;
  const body = JSON.stringify(problem(status, 'MALFORMED_REQUEST', 'This is not an HTTP request', newTraceId()));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n` +
      `Content-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}
