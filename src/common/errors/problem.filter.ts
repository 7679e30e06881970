import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentTraceId } from '../tracing/current-trace.js';
import { DomainError } from './domain.error.js';
import { isUnexpected, type Problem, toProblem } from './problem.js';

const RETRY_WHEN_UNAVAILABLE_SECONDS = 1;

/** Answers every failure of a REST request as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemFilter.name);

  /** @param onRefused told of whatever somebody was not allowed to do */
  constructor(private readonly onRefused: (error: DomainError, request: FastifyRequest) => void = () => undefined) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof DomainError && error.kind === 'forbidden') this.onRefused(error, reply.request);
    if (isUnexpected(error) && !isClientGone(error, reply)) this.logger.error(error);
    // A stream that broke half-way has its status on the wire already.
    if (reply.sent || reply.raw.headersSent) return;
    sendProblem(reply, toProblem(error, currentTraceId()), retryAfterSeconds(error));
  }
}

/** For hooks that answer before Nest sees the request. */
export function sendProblem(reply: FastifyReply, body: Problem, retryAfter?: number): void {
  const retry = retryAfter ?? (body.status === 503 ? RETRY_WHEN_UNAVAILABLE_SECONDS : undefined);
  if (retry !== undefined) void reply.header('retry-after', String(retry));
  if (body.status === 401) void reply.header('www-authenticate', 'Bearer');
  // A string: no serializer of the route may touch it.
  void reply.code(body.status).type('application/problem+json; charset=utf-8').send(JSON.stringify(body));
}

/** In the middle of its request, or because it took too long to send it. */
function isClientGone(error: unknown, { request }: FastifyReply): boolean {
  return request.raw.destroyed && error instanceof Error && 'code' in error && error.code === 'ECONNRESET';
}

function retryAfterSeconds(error: unknown): number | undefined {
  return error instanceof DomainError ? error.retryAfterSeconds : undefined;
}
