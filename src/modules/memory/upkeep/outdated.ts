import { quoted } from '../../../common/text-search/text-source.js';
import type { RetentionRule } from '../../../config/memory-retention.js';
import { itemKeys } from '../items/item-rows.js';

const UNUSED = `NOT EXISTS (SELECT 1 FROM memory_uses u
  WHERE u.item_id = i.id AND u.last_used_at >= now() - make_interval(days => $1))`;
const OLD = `NOT i.pinned AND i.created_at < now() - make_interval(days => $1)`;

export interface OutdatedItems {
  /** SQL over `memory_items i`. */
  readonly where: string;
  readonly parameters: readonly unknown[];
}

/** What a rule removes: what is not pinned, and was neither saved nor recalled for so many days. Pure. */
export function outdated({ of, days }: RetentionRule): OutdatedItems {
  if (of === 'expired') {
    return { where: `NOT i.pinned AND i.expires_at < now() - make_interval(days => $1)`, parameters: [days] };
  }
  if ('kind' in of) return { where: `${OLD} AND i.kind = $2 AND ${UNUSED}`, parameters: [days, of.kind] };
  const tag = quoted(itemKeys.tag(of.tag));
  return { where: `${OLD} AND i.search @@ $2::tsquery AND ${UNUSED}`, parameters: [days, tag] };
}
