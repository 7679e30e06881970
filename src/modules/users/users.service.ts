import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { EntityManager, QueryFailedError, Repository } from 'typeorm';
import { BriefCache } from '../../common/cache/brief-cache.js';
import { Idempotency } from '../../common/idempotency/idempotency.js';
import { newId } from '../../common/ids/id.js';
import { currentTraceId } from '../../common/tracing/current-trace.js';
import { AuditTrail } from '../audit/audit-trail.js';
import { type SharedEvent, SharedStreamWriter } from '../streams/shared-stream-writer.js';
import type { StreamEvent } from '../streams/stream-event.js';
import { StreamHub } from '../streams/stream-hub.js';
import { toUserResponse, type UserResponseDto } from './dto/user-response.dto.js';
import { User } from './entities/user.entity.js';
import { toKey } from './identifier.js';
import { UserRemovals } from './user-removals.js';
import { EmailTakenError, UsernameTakenError, UserNotFoundError } from './users.errors.js';

export interface NewUser {
  readonly username: string;
  readonly email: string;
  readonly passwordHash: string;
}

const RECENT_MS = 800;
const MAX_RECENT = 10_000;

@Injectable()
export class UsersService {
  // As it is answered: to write two dates out for each request costs a twentieth of it.
  private readonly recent = new BriefCache(async (id) => toUserResponse(await this.get(id)), RECENT_MS, MAX_RECENT);

  constructor(
    @InjectRepository(User) private readonly users: Repository<User>,
    private readonly shared: SharedStreamWriter,
    private readonly hub: StreamHub,
    private readonly idempotency: Idempotency,
    private readonly audit: AuditTrail,
    private readonly removals: UserRemovals,
  ) {}

  async create({ username, email, passwordHash }: NewUser): Promise<User> {
    const user = this.users.create({
      id: newId(),
      username,
      usernameKey: toKey(username),
      email,
      emailKey: toKey(email),
      passwordHash,
      deactivatedAt: null,
    });
    try {
      this.hub.publish(await this.users.manager.transaction((manager) => this.insert(manager, user)));
    } catch (error) {
      throw takenError(error) ?? error;
    }
    return user;
  }

  async get(id: string): Promise<User> {
    const user = await this.users.findOneBy({ id });
    if (!user) throw new UserNotFoundError(id);
    return user;
  }

  /** As it was at most a second ago: for what clients ask all the time. */
  getRecent(id: string): Promise<UserResponseDto> {
    return this.recent.get(id);
  }

  /** By e-mail or user name: neither can look like the other, since only an address contains `@`. */
  findByIdentifier(identifier: string): Promise<User | null> {
    const key = toKey(identifier);
    return this.users.findOneBy(key.includes('@') ? { emailKey: key } : { usernameKey: key });
  }

  private async insert(manager: EntityManager, user: User): Promise<readonly StreamEvent[]> {
    await manager.insert(User, user);
    await this.idempotency.answerIn(manager, toUserResponse(user));
    const actor = { id: user.id, realm: 'user' } as const;
    await this.audit.done(manager, { action: 'user.registered', actor, target: { type: 'user', id: user.id } });
    return this.shared.appendIn(manager, [registered(user)]);
  }

  async remove(id: string): Promise<void> {
    await this.users.manager.transaction((manager) => this.removeIn(manager, id));
    await this.removed(id);
  }

  /** So far as can be told before it is done. */
  assertRemovable(id: string): Promise<void> {
    return this.removals.assertRemovable(this.users.manager, id);
  }

  /** Whoever commits the transaction calls {@link removed} then. */
  async removeIn(manager: EntityManager, id: string): Promise<void> {
    await this.removals.removingIn(manager, id);
    await manager.delete(User, { id });
    await this.audit.done(manager, { action: 'user.deleted', target: { type: 'user', id } });
  }

  async removed(id: string): Promise<void> {
    this.recent.drop(id);
    await this.removals.removed(id);
  }
}

function registered({ id, username }: User): SharedEvent {
  const payload = JSON.stringify({ user_id: id, username });
  return { stream: `user:${id}`, type: 'user.registered', payload, ownerId: id, traceId: currentTraceId() };
}

/** Two registrations at once: the unique index decides, whatever was looked up before. */
function takenError(error: unknown): UsernameTakenError | EmailTakenError | undefined {
  if (!(error instanceof QueryFailedError)) return undefined;
  const { constraint } = error.driverError as { constraint?: string };
  if (constraint === 'users_username_key') return new UsernameTakenError({ cause: error });
  if (constraint === 'users_email_key') return new EmailTakenError({ cause: error });
  return undefined;
}
