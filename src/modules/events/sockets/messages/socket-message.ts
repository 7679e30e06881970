import type { NeededScope } from '../../../auth/route-policy.js';
import type { SocketSession } from '../socket-session.js';

/** What a message is acknowledged with, besides `ok: true`. */
export interface MessageAnswer {
  readonly data?: Readonly<Record<string, unknown>>;
  /** Done once the acknowledgement is on its way. */
  readonly afterwards?: () => void;
}

/** Answers one kind of client message. Failures are thrown as domain errors. */
export interface SocketMessage<T extends object = object> {
  readonly name: string;
  /** What an API key needs for it. */
  readonly scope: NeededScope;
  /** Says what is valid, like the DTO of a REST body. Absent: nothing is expected, and nothing looked at. */
  readonly dto?: new () => T;
  handle(session: SocketSession, data: T): Promise<MessageAnswer>;
}
