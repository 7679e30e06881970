import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { newId } from '../ids/id.js';

export interface RequestIdentity {
  /** Whose key it is. */
  readonly scope: string;
  readonly key: string;
  readonly requestHash: Buffer;
}

/** The right to carry a request out. */
export interface Hold {
  readonly scope: string;
  readonly key: string;
  readonly holder: string;
}

export type Reservation =
  | { readonly outcome: 'held'; readonly hold: Hold }
  | { readonly outcome: 'answered'; readonly answer: Buffer }
  | { readonly outcome: 'in_progress' | 'other_request' };

interface Found {
  readonly is_same: boolean;
  readonly is_locked: boolean;
  readonly answer: Buffer | null;
}

/** After this long a holder that says nothing counts as dead; it may have been killed. */
export const LEASE_SECONDS = 15;
const PURGE_INTERVAL_MS = 600_000;
const KEPT = `interval '24 hours'`;
const LEASE = `now() + interval '${LEASE_SECONDS} seconds'`;
// What is left of a holder that died before it could commit anything is taken over by the same request.
const RESERVE = `
  INSERT INTO idempotency_keys AS k (scope, key, request_hash, holder, locked_until) VALUES ($1, $2, $3, $4, ${LEASE})
  ON CONFLICT (scope, key) DO UPDATE SET request_hash = excluded.request_hash, holder = excluded.holder,
    locked_until = excluded.locked_until, answer = NULL, created_at = now()
  WHERE (k.locked_until IS NULL OR k.locked_until <= now())
    AND (k.created_at <= now() - ${KEPT} OR (k.answer IS NULL AND k.request_hash = excluded.request_hash))
  RETURNING 1`;
const LOOK = `SELECT request_hash = $3 AS is_same, coalesce(locked_until > now(), false) AS is_locked, answer
  FROM idempotency_keys WHERE scope = $1 AND key = $2`;
const HELD = 'scope = $1 AND key = $2 AND holder = $3';
const ANSWER = `UPDATE idempotency_keys SET answer = $4, locked_until = CASE WHEN $5 THEN locked_until END
  WHERE ${HELD} RETURNING 1`;
const FORGET = `DELETE FROM idempotency_keys WHERE ${HELD} AND answer IS NULL`;
const SETTLE = `UPDATE idempotency_keys SET locked_until = NULL WHERE ${HELD}`;
const PROLONG = `UPDATE idempotency_keys k SET locked_until = ${LEASE}
  FROM unnest($1::text[], $2::text[], $3::uuid[]) AS h (scope, key, holder)
  WHERE k.scope = h.scope AND k.key = h.key AND k.holder = h.holder AND k.locked_until IS NOT NULL`;

/** The table of idempotency keys: who works on which request, and what was answered. */
@Injectable()
export class IdempotencyKeys {
  private purgedAt = 0;

  constructor(private readonly database: DataSource) {}

  async reserve({ scope, key, requestHash }: RequestIdentity): Promise<Reservation> {
    await this.purge();
    const holder = newId();
    const taken = await this.database.query<unknown[]>(RESERVE, [scope, key, requestHash, holder]);
    if (taken.length > 0) return { outcome: 'held', hold: { scope, key, holder } };
    const [found] = await this.database.query<Found[]>(LOOK, [scope, key, requestHash]);
    // Forgotten in this very moment: the client is told to ask again.
    if (!found) return { outcome: 'in_progress' };
    if (!found.is_same) return { outcome: 'other_request' };
    if (found.is_locked || !found.answer) return { outcome: 'in_progress' };
    return { outcome: 'answered', answer: found.answer };
  }

  /** False when another request has taken over: nothing of this one may be committed. */
  async answer(manager: EntityManager, hold: Hold, answer: Buffer, isProvisional: boolean): Promise<boolean> {
    const [rows] = await manager.query<[unknown[], number]>(ANSWER, [...valuesOf(hold), answer, isProvisional]);
    return rows.length > 0;
  }

  /** The request came to nothing: the next with this key is carried out. What it committed all the same stays answered. */
  async release(hold: Hold): Promise<void> {
    await this.database.query(FORGET, valuesOf(hold));
    await this.database.query(SETTLE, valuesOf(hold));
  }

  async prolong(holds: readonly Hold[]): Promise<void> {
    const columns = [holds.map(({ scope }) => scope), holds.map(({ key }) => key), holds.map(({ holder }) => holder)];
    await this.database.query(PROLONG, columns);
  }

  private async purge(): Promise<void> {
    if (Date.now() - this.purgedAt < PURGE_INTERVAL_MS) return;
    this.purgedAt = Date.now();
    await this.database.query(`DELETE FROM idempotency_keys WHERE created_at <= now() - ${KEPT}`);
  }
}

function valuesOf({ scope, key, holder }: Hold): string[] {
  return [scope, key, holder];
}
