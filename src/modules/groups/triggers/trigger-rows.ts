import type { EntityManager } from 'typeorm';
import type { Pending } from './triggers.js';

const DUE = `SELECT id, group_id AS "groupId" FROM group_members WHERE trigger_look_at <= $1
  ORDER BY trigger_look_at LIMIT $2`;
/** Counted no further than is asked for. */
const PENDING = `SELECT count(*)::integer AS count, min(created_at) AS "firstAt",
    (SELECT m.created_at FROM group_messages m WHERE m.group_id = $1 AND m.sender_kind IN ('user', 'agent')
      ORDER BY m.seq DESC LIMIT 1) AS "lastAt"
  FROM (SELECT created_at FROM group_messages WHERE group_id = $1 AND seq > $2 AND sender_kind = 'user'
    ORDER BY seq LIMIT $3) heard`;
const LOOK_SOON = `UPDATE group_members SET trigger_look_at = clock_timestamp()
  WHERE group_id = $1 AND settings->>'triggers' IS NOT NULL`;

export interface DueMember {
  readonly id: string;
  readonly groupId: string;
}

/** From the index of those that are to be looked at. */
export function dueMembers(manager: EntityManager, now: Date, limit: number): Promise<DueMember[]> {
  return manager.query<DueMember[]>(DUE, [now, limit]);
}

export async function pendingIn(
  manager: EntityManager,
  groupId: string,
  after: number,
  most: number | null,
): Promise<Pending> {
  const [row] = await manager.query<Pending[]>(PENDING, [groupId, after, most ?? 1]);
  return row ?? { count: 0, firstAt: null, lastAt: null };
}

/** After what may set somebody off: a message, or hours that have changed. */
export async function lookSoonIn(manager: EntityManager, groupId: string): Promise<void> {
  await manager.query(LOOK_SOON, [groupId]);
}
