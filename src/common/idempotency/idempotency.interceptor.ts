import { type CallHandler, type ExecutionContext, Injectable, Logger, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { defaultIfEmpty, lastValueFrom, type Observable, of } from 'rxjs';
import { DataSource } from 'typeorm';
import { SecretBox } from '../crypto/secret-box.js';
import { InvalidInputError } from '../errors/invalid-input.error.js';
import { toProblem } from '../errors/problem.js';
import { currentTraceId } from '../tracing/current-trace.js';
import { HoldKeeper } from './hold-keeper.js';
import { enterKeyedRequest, Idempotency, type KeptAnswer, type KeyedRequest } from './idempotency.js';
import { IdempotencyKeyReusedError, RequestInProgressError } from './idempotency.errors.js';
import { IdempotencyKeys } from './idempotency-keys.js';
import { describeRequest } from './request-hash.js';

const HEADER = 'idempotency-key';
const FORM = /^[\x21-\x7e]{1,255}$/;
/** Headers that belong to an answer, beside those that every answer has. */
const KEPT_HEADERS = ['x-run-id', 'location', 'etag'] as const;

/** Carries a request with an `Idempotency-Key` out once, and answers its repetitions with the first answer. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly logger = new Logger(IdempotencyInterceptor.name);

  constructor(
    private readonly keys: IdempotencyKeys,
    private readonly idempotency: Idempotency,
    private readonly keeper: HoldKeeper,
    private readonly box: SecretBox,
    private readonly database: DataSource,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const header = request.headers[HEADER];
    if (header === undefined) return next.handle();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const scope = request.user?.id ?? 'anonymous';
    const key = readKey(header);
    const requestHash = this.box.fingerprint(describeRequest(request));
    const reservation = await this.keys.reserve({ scope, key, requestHash });
    switch (reservation.outcome) {
      case 'in_progress':
        throw new RequestInProgressError();
      case 'other_request':
        throw new IdempotencyKeyReusedError();
      case 'answered':
        return of(this.replay(reply, this.idempotency.open(scope, key, reservation.answer)));
      case 'held': {
        const keyed = { hold: reservation.hold, status: reply.statusCode };
        return of(await this.keeper.keepDuring(keyed.hold, () => this.carryOut(keyed, next, reply)));
      }
    }
  }

  private replay(reply: FastifyReply, answer: KeptAnswer | undefined): unknown {
    if (!answer) throw new IdempotencyKeyReusedError();
    const type = answer.status < 400 ? 'application/json' : 'application/problem+json';
    void reply.status(answer.status).headers(answer.headers).header('idempotency-replayed', 'true');
    void reply.type(`${type}; charset=utf-8`);
    return answer.body;
  }

  private async carryOut(keyed: KeyedRequest, next: CallHandler, reply: FastifyReply): Promise<unknown> {
    enterKeyedRequest(keyed);
    try {
      const body = await lastValueFrom<unknown>(next.handle().pipe(defaultIfEmpty<unknown, unknown>(undefined)));
      await this.settle(keyed, reply.sent || body === undefined ? undefined : answerOf(reply, body));
      return body;
    } catch (error) {
      await this.settle(keyed, keyed.committed ? undefined : refusalOf(error));
      throw error;
    }
  }

  /** The thing is there by now, or it is not: a failure to say so only delays the repetitions. */
  private async settle(keyed: KeyedRequest, answer: KeptAnswer | undefined): Promise<void> {
    if (keyed.committed === 'answer') return;
    keyed.committed ??= 'nothing';
    try {
      if (!answer) await this.keys.release(keyed.hold);
      else await this.keys.answer(this.database.manager, keyed.hold, this.idempotency.seal(keyed.hold, answer), false);
    } catch (error) {
      this.logger.warn({ err: error }, 'Settling an idempotency key failed');
    }
  }
}

function readKey(header: string | readonly string[]): string {
  if (typeof header === 'string' && FORM.test(header)) return header;
  const message = 'must be 1 to 255 visible ASCII characters';
  throw new InvalidInputError([{ path: 'Idempotency-Key', code: 'IS_IDEMPOTENCY_KEY', message }]);
}

function answerOf(reply: FastifyReply, body: unknown): KeptAnswer {
  const headers = KEPT_HEADERS.flatMap((name) => {
    const value = reply.getHeader(name);
    return value === undefined ? [] : [[name, String(value)] as const];
  });
  return { status: reply.statusCode, headers: Object.fromEntries(headers), body: JSON.stringify(body) };
}

/** A refusal is an answer like any other; what may go better the next time is not kept. */
function refusalOf(error: unknown): KeptAnswer | undefined {
  const problem = toProblem(error, currentTraceId());
  const isKept = problem.status < 500 && problem.status !== 429 && problem.code !== 'IN_PROGRESS';
  return isKept ? { status: problem.status, headers: {}, body: JSON.stringify(problem) } : undefined;
}
