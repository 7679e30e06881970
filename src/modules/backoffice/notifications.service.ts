import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { Idempotency } from '../../common/idempotency/idempotency.js';
import { newId } from '../../common/ids/id.js';
import { currentTraceId } from '../../common/tracing/current-trace.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { type SharedEvent, SharedStreamWriter } from '../streams/shared-stream-writer.js';
import type { StreamEvent } from '../streams/stream-event.js';
import { StreamHub } from '../streams/stream-hub.js';
import { streamName } from '../streams/stream-name.js';
import { UserNotFoundError } from '../users/users.errors.js';
import type { NotificationDto, NotifyDto } from './dto/operator-views.dto.js';

const CHUNK = 500;
const ONE = 'SELECT id FROM users WHERE id = $1 FOR KEY SHARE';
// In order, so that two notifications to all wait for each other and never for one another.
const ALL = 'SELECT id FROM users WHERE deactivated_at IS NULL ORDER BY id';

/** Word from the operators: in the stream of each user it concerns, all or none. */
@Injectable()
export class NotificationsService {
  constructor(
    private readonly database: DataSource,
    private readonly shared: SharedStreamWriter,
    private readonly hub: StreamHub,
    private readonly audit: AuditTrail,
    private readonly idempotency: Idempotency,
  ) {}

  /** @throws {UserNotFoundError} */
  async send({ user_id: userId, level = 'info', title = '', message }: NotifyDto): Promise<NotificationDto> {
    const id = newId();
    const payload = JSON.stringify({ notification_id: id, level, title, message });
    const [answer, events] = await this.database.transaction(async (manager) => {
      const userIds = await recipients(manager, userId);
      const written = await this.appendIn(manager, payload, userIds);
      const details = { notification_id: id, level, recipients: userIds.length };
      await this.audit.done(manager, { action: 'notification.sent', ...targetOf(userId), details });
      const sent = { id, recipients: userIds.length };
      await this.idempotency.answerIn(manager, sent);
      return [sent, written] as const;
    });
    this.hub.publish(events);
    return answer;
  }

  private async appendIn(
    manager: EntityManager,
    payload: string,
    userIds: readonly string[],
  ): Promise<readonly StreamEvent[]> {
    const written: StreamEvent[] = [];
    for (let start = 0; start < userIds.length; start += CHUNK) {
      const events = userIds.slice(start, start + CHUNK).map((ownerId) => toEvent(ownerId, payload));
      written.push(...(await this.shared.appendIn(manager, events)));
    }
    return written;
  }
}

async function recipients(manager: EntityManager, userId: string | undefined): Promise<string[]> {
  const [sql, values] = userId === undefined ? ([ALL, []] as const) : ([ONE, [userId]] as const);
  const rows = await manager.query<{ id: string }[]>(sql, [...values]);
  if (userId !== undefined && rows.length === 0) throw new UserNotFoundError(userId);
  return rows.map(({ id }) => id);
}

function toEvent(ownerId: string, payload: string): SharedEvent {
  const stream = streamName('user', ownerId);
  return { stream, type: 'system.notification', payload, ownerId, traceId: currentTraceId() };
}

function targetOf(userId: string | undefined) {
  return userId === undefined ? {} : { target: { type: 'user', id: userId } };
}
