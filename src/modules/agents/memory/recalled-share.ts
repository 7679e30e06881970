import type { RecalledItem } from '../../memory/recall/recalled-item.js';
import { recalledText } from '../../memory/recall/recalled-item.js';
import { estimateTokens } from '../prompt/context-window.js';

/** Of a prompt, for what is recalled. */
const SHARE = 0.1;
const MAX_TOKENS = 3_000;

export function recallBudget(promptTokens: number): number {
  return Math.min(MAX_TOKENS, Math.floor(promptTokens * SHARE));
}

/** Those that fit, the best first; one that is too long makes room for others. Pure. */
export function withinShare(items: readonly RecalledItem[], budgetTokens: number): RecalledItem[] {
  let left = budgetTokens;
  return items.filter((item) => {
    const tokens = estimateTokens(recalledText(item)) + 1;
    if (tokens > left) return false;
    left -= tokens;
    return true;
  });
}
