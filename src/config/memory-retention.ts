/** How many days something is kept that nobody saves or recalls. */
export interface RetentionRule {
  /** A kind of item, what has a tag, or what is past its `expires_at`. */
  readonly of: { readonly kind: string } | { readonly tag: string } | 'expired';
  readonly days: number;
}

export const STANDARD_RETENTION = 'fragment:365,summary:730,expired:30';

const RULE = /^(?:(user_data|fragment|solution|summary)|tag=([^,]{1,100})|(expired))\s*:\s*(\d{1,6})$/;

/** Reads `fragment:365,tag=draft:7,expired:30`; `off` is no rules. Undefined when it is neither. Pure. */
export function readRetention(text: string): readonly RetentionRule[] | undefined {
  if (text === 'off') return [];
  const rules = text.split(',').map((part) => readRule(part.trim()));
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

function readRule(text: string): RetentionRule | undefined {
  const [, kind, tag, , days] = RULE.exec(text) ?? [];
  if (days === undefined || Number(days) < 1) return undefined;
  if (kind !== undefined) return { of: { kind }, days: Number(days) };
  return { of: tag === undefined ? 'expired' : { tag }, days: Number(days) };
}
