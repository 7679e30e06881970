import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager, type QueryDeepPartialEntity } from 'typeorm';
import { currentOrigin, currentRequest } from '../../common/http/current-request.js';
import { newId } from '../../common/ids/id.js';
import { currentTraceId } from '../../common/tracing/current-trace.js';
import { AuditRetention } from './audit-retention.js';
import { AuditEntry } from './entities/audit-entry.entity.js';

export interface Actor {
  readonly id: string | null;
  readonly realm: 'user' | 'backoffice' | null;
  readonly sessionId?: string | null;
}

export interface AuditedAction {
  /** As in `member.removed`. */
  readonly action: string;
  /** Default: whoever is signed in. */
  readonly actor?: Actor;
  readonly target?: { readonly type: string; readonly id: string };
  /** Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

// That something was done by somebody, and when, stays: it may concern others. Who that was does not.
const ANONYMIZE = `WITH anonymous AS (
    UPDATE audit_entries SET address = NULL, user_agent = NULL, details = '{}'
    WHERE actor_id = $1 OR (target_type = 'user' AND target_id = $1) RETURNING 1
  ) SELECT count(*)::integer AS count FROM anonymous`;
// Names that the person gave stand also in what others did.
const FORGET_NAMES = `UPDATE audit_entries e SET details = e.details - 'name' FROM audit_entries own
  WHERE own.actor_id = $1 AND own.target_id = e.target_id AND own.target_type = e.target_type
    AND (own.action LIKE '%.created' OR own.details->'changed' ? 'name'
      OR (own.action = 'tool.promoted' AND own.details->>'version' = '1'))
    AND e.actor_id IS DISTINCT FROM $1 AND e.details->>'name' = own.details->>'name'`;
const MAX_WAITING_REFUSALS = 100;

/** The record of what matters for security. */
@Injectable()
export class AuditTrail {
  private readonly logger = new Logger(AuditTrail.name);
  private waiting = 0;

  constructor(
    private readonly database: DataSource,
    private readonly retention: AuditRetention,
  ) {}

  /** In the transaction of what was done: either both are there or neither. */
  async done(manager: EntityManager, action: AuditedAction): Promise<void> {
    await manager.insert(AuditEntry, entryOf('done', action));
    this.retention.applyIfDue();
  }

  /** Leaves nothing of a person in the trail but an id that belongs to nobody. Answers how many entries that were. */
  async anonymizeIn(manager: EntityManager, userId: string): Promise<number> {
    await manager.query(FORGET_NAMES, [userId]);
    const [row] = await manager.query<{ count: number }[]>(ANONYMIZE, [userId]);
    return row?.count ?? 0;
  }

  /** What was refused has no transaction. It must not make the refusal fail or wait, nor fill the memory. */
  refused(action: AuditedAction): void {
    if (this.waiting >= MAX_WAITING_REFUSALS) return;
    this.waiting += 1;
    this.retention.applyIfDue();
    this.database.manager
      .insert(AuditEntry, entryOf('refused', action))
      .catch((error: unknown) => this.logger.warn({ err: error }, 'A refusal was not recorded'))
      .finally(() => (this.waiting -= 1));
  }
}

function entryOf(outcome: AuditEntry['outcome'], audited: AuditedAction): QueryDeepPartialEntity<AuditEntry> {
  const { action, actor = signedIn(), target, details = {} } = audited;
  return {
    id: newId(),
    action,
    outcome,
    realm: actor.realm,
    actorId: actor.id,
    sessionId: actor.sessionId ?? null,
    targetType: target?.type ?? null,
    targetId: target?.id ?? null,
    ...currentOrigin(),
    traceId: currentTraceId(),
    // TypeORM's type of what may be inserted goes into every part of a JSON column; this one is whole.
    details: details as QueryDeepPartialEntity<Record<string, unknown>>,
  };
}

function signedIn(): Actor {
  const user = currentRequest()?.user;
  return user ? { id: user.id, realm: user.realm, sessionId: user.sessionId } : { id: null, realm: null };
}
