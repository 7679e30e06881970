import type { MemoryKind } from '../memory-kind.js';
import { type Namespace, namespaceText } from '../namespace.js';
import type { MemoryHit, ScoreParts } from '../search/rank-items.js';

/** Something that is recalled into a prompt, as it stands in journals and events. */
export interface RecalledItem {
  readonly id: string;
  readonly kind: MemoryKind;
  readonly namespace: Namespace;
  readonly content: string;
  readonly speaker: string | null;
  /** When it was said, else saved. */
  readonly at: string;
  readonly score: number;
  readonly scores: ScoreParts;
}

export function recalledItem({ item, score, scores }: MemoryHit): RecalledItem {
  const { id, kind, scope, scopeId, content, speaker, saidAt, createdAt } = item;
  const at = (saidAt ?? createdAt).toISOString();
  return { id, kind, namespace: { scope, id: scopeId }, content, speaker, at, score, scores: { ...scores } };
}

const DAY_CHARS = 10;

/** As a model reads it: who said it, when, and where it is from. Pure. */
export function recalledText({ content, speaker, at, namespace }: RecalledItem): string {
  const who = speaker === null ? '' : `, ${speaker}`;
  return `[${at.slice(0, DAY_CHARS)}${who}; ${namespaceText(namespace).split(':', 1)[0] ?? ''}] ${content}`;
}
