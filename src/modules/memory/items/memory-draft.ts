import { newId } from '../../../common/ids/id.js';
import type { Owned } from '../../projects/access-policy.js';
import type { MemoryKind } from '../memory-kind.js';
import type { Namespace } from '../namespace.js';
import type { Solution } from '../solutions/solution.js';

/** What is to be remembered, as it is given. */
export interface MemoryFields {
  readonly kind: MemoryKind;
  readonly content: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly pii?: readonly string[];
  readonly importance?: number;
  readonly pinned?: boolean;
  readonly expiresAt?: Date | null;
  /** Of the kind `solution` only. */
  readonly solution?: Solution;
}

/** A row of the table, without what the database makes of it. */
export interface MemoryDraft extends Owned {
  readonly id: string;
  readonly kind: MemoryKind;
  readonly scope: Namespace['scope'];
  readonly scopeId: string;
  readonly content: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly pii: readonly string[];
  readonly importance: number;
  readonly pinned: boolean;
  readonly stale: boolean;
  readonly expiresAt: Date | null;
  readonly createdAt: Date;
}

const STANDARD_IMPORTANCE = 0.5;

export function draftOf(owned: Owned, namespace: Namespace, fields: MemoryFields, now: Date): MemoryDraft {
  const { kind, content, tags, metadata, pii, importance, pinned, expiresAt } = fields;
  return {
    ...owned,
    id: newId(),
    kind,
    scope: namespace.scope,
    scopeId: namespace.id,
    content,
    tags: [...new Set(tags)],
    metadata: metadata ?? {},
    pii: [...new Set(pii)],
    importance: importance ?? STANDARD_IMPORTANCE,
    pinned: pinned ?? false,
    stale: false,
    expiresAt: expiresAt ?? null,
    createdAt: now,
  };
}

/** Of a turn of a conversation: who said it, in which talk, at which place and when. */
export interface Turn {
  readonly speaker: string | null;
  readonly thread: string | null;
  readonly position: number | null;
  readonly saidAt: Date | null;
}

const MAX_POSITION = 2 ** 31 - 1;

/** From the metadata `speaker`, `session_id`, `turn` and `at`, as far as they are there and make sense. Pure. */
export function turnOf({ metadata, scope, scopeId }: Pick<MemoryDraft, 'metadata' | 'scope' | 'scopeId'>): Turn {
  const { speaker, session_id: session, turn, at } = metadata;
  const thread = typeof session === 'string' ? session : scope === 'session' ? scopeId : null;
  const isPlace = typeof turn === 'number' && Number.isInteger(turn) && turn >= 0 && turn < MAX_POSITION;
  const saidAt = typeof at === 'string' ? new Date(at) : undefined;
  return {
    speaker: typeof speaker === 'string' && speaker !== '' ? speaker : null,
    thread: isPlace ? thread : null,
    position: isPlace && thread !== null ? turn : null,
    saidAt: saidAt && !Number.isNaN(saidAt.getTime()) ? saidAt : null,
  };
}
