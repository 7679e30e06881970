import { Inject, Injectable, Logger } from '@nestjs/common';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { isUnexpected, toProblem } from '../../../common/errors/problem.js';
import { InputValidationPipe } from '../../../common/http/input-validation.pipe.js';
import { findTextFaults } from '../../../common/http/text-faults.js';
import { currentTraceId, runWithTrace } from '../../../common/tracing/current-trace.js';
import { newTrace } from '../../../common/tracing/traceparent.js';
import { assertScope } from '../../auth/scope-check.js';
import { TooManyMessagesError, UnknownMessageError } from '../events.errors.js';
import { MessageRate } from './message-rate.js';
import type { MessageAnswer, SocketMessage } from './messages/socket-message.js';
import type { SocketSession } from './socket-session.js';

export const SOCKET_MESSAGES = Symbol('socket messages');

/** Answers a client message; absent when the client does not ask for an answer. */
export type Acknowledge = (answer: Readonly<Record<string, unknown>>) => void;

/** Brings client messages to those who answer them, and every answer and every failure back to the client. */
@Injectable()
export class MessageDispatcher {
  private readonly logger = new Logger(MessageDispatcher.name);
  private readonly pipe = new InputValidationPipe();
  private readonly messages: ReadonlyMap<string, SocketMessage>;
  private readonly rates = new WeakMap<SocketSession, MessageRate>();

  constructor(@Inject(SOCKET_MESSAGES) messages: readonly SocketMessage[]) {
    this.messages = new Map(messages.map((message) => [message.name, message]));
  }

  /** @param args what came with the name: the data, and the acknowledgement last */
  dispatch(session: SocketSession, name: string, args: readonly unknown[]): Promise<void> {
    const last = args.at(-1);
    const acknowledge = typeof last === 'function' ? (last as Acknowledge) : () => undefined;
    const data = typeof last === 'function' ? args.slice(0, -1) : args;
    return runWithTrace(newTrace(), () => this.answer(session, name, data, acknowledge));
  }

  private async answer(
    session: SocketSession,
    name: string,
    args: readonly unknown[],
    acknowledge: Acknowledge,
  ): Promise<void> {
    try {
      const { data, afterwards } = await this.handle(session, name, args);
      acknowledge({ ok: true, ...data });
      afterwards?.();
    } catch (error) {
      if (isUnexpected(error)) this.logger.error(error);
      acknowledge({ ok: false, error: describe(error) });
    }
  }

  private async handle(session: SocketSession, name: string, args: readonly unknown[]): Promise<MessageAnswer> {
    const rate = this.rateOf(session);
    if (!rate.take()) throw new TooManyMessagesError(rate.perSecond);
    const message = this.messages.get(name);
    if (!message) throw new UnknownMessageError(name);
    assertScope(session.user, message.scope);
    return message.handle(session, await this.validate(message, args));
  }

  private async validate({ dto }: SocketMessage, [data, ...rest]: readonly unknown[]): Promise<object> {
    if (!dto) return {};
    if (rest.length > 0)
      throw new InvalidInputError([{ path: '', code: 'TOO_MANY_ARGUMENTS', message: 'takes one object' }]);
    const faults = findTextFaults(data);
    if (faults.length > 0) throw new InvalidInputError(faults);
    return (await this.pipe.transform(data ?? {}, { type: 'body', metatype: dto })) as object;
  }

  private rateOf(session: SocketSession): MessageRate {
    let rate = this.rates.get(session);
    if (!rate) this.rates.set(session, (rate = new MessageRate(MESSAGES_PER_SECOND)));
    return rate;
  }
}

const MESSAGES_PER_SECOND = 100;

function describe(error: unknown): Readonly<Record<string, unknown>> {
  const { code, detail, errors, trace_id } = toProblem(error, currentTraceId());
  return { code, message: detail, trace_id, ...(errors && { errors }) };
}
