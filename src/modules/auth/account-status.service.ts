import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { currentTraceId } from '../../common/tracing/current-trace.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { SharedStreamWriter } from '../streams/shared-stream-writer.js';
import { StreamHub } from '../streams/stream-hub.js';
import { streamName } from '../streams/stream-name.js';
import { User } from '../users/entities/user.entity.js';
import { UserNotFoundError } from '../users/users.errors.js';
import { SessionsService } from './sessions.service.js';

/** Shuts users out, and lets them in again. */
@Injectable()
export class AccountStatusService {
  constructor(
    private readonly database: DataSource,
    private readonly sessions: SessionsService,
    private readonly shared: SharedStreamWriter,
    private readonly hub: StreamHub,
    private readonly audit: AuditTrail,
  ) {}

  /** All sessions end within a second, and API keys stop working. @throws {UserNotFoundError} */
  async deactivate(userId: string): Promise<User> {
    const { user, sessionIds, events } = await this.database.transaction(async (manager) => {
      const locked = await lockUser(manager, userId);
      if (locked.deactivatedAt) return { user: locked, sessionIds: [], events: [] };
      const saved = await manager.save(Object.assign(locked, { deactivatedAt: new Date() }));
      await this.audit.done(manager, { action: 'user.deactivated', target: { type: 'user', id: userId } });
      const ended = await this.sessions.revokeAllIn(manager, userId);
      return { user: saved, sessionIds: ended, events: await this.tellIn(manager, userId) };
    });
    this.hub.publish(events);
    this.sessions.ended(sessionIds);
    return user;
  }

  /** Signing in works again, and so do API keys. @throws {UserNotFoundError} */
  reactivate(userId: string): Promise<User> {
    return this.database.transaction(async (manager) => {
      const user = await lockUser(manager, userId);
      if (!user.deactivatedAt) return user;
      await this.audit.done(manager, { action: 'user.reactivated', target: { type: 'user', id: userId } });
      return manager.save(Object.assign(user, { deactivatedAt: null }));
    });
  }

  private tellIn(manager: EntityManager, userId: string) {
    const payload = JSON.stringify({ user_id: userId });
    const stream = streamName('user', userId);
    const event = { stream, type: 'user.deactivated', payload, ownerId: userId, traceId: currentTraceId() };
    return this.shared.appendIn(manager, [event]);
  }
}

async function lockUser(manager: EntityManager, id: string): Promise<User> {
  const user = await manager.findOne(User, { where: { id }, lock: { mode: 'pessimistic_write' } });
  if (!user) throw new UserNotFoundError(id);
  return user;
}
