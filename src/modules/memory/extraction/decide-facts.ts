import type { Fact, KnownItem } from './extract-job.js';

/** A fact that is to be kept. */
export interface KeptFact {
  readonly fact: Fact;
  /** What it takes the place of. */
  readonly replaces: readonly string[];
  /** It was said before something that says otherwise: it is kept as what held then. */
  readonly replacedBy: string | undefined;
}

export interface Decision {
  readonly kept: readonly KeptFact[];
  /** How many were known. */
  readonly known: number;
}

const ARTICLES = new Set(['a', 'an', 'the']);

/**
 * What of the facts is new. The same words in the same order are the same; of two that contradict each other, the one that
 * was said later holds. Pure.
 *
 * @param saidAt by the number of the turn
 */
export function decideFacts(
  facts: readonly Fact[],
  known: readonly KnownItem[],
  saidAt: ReadonlyMap<number, string>,
): Decision {
  const there = new Set(known.map(({ content }) => sayingOf(content)));
  const byId = new Map(known.map((item) => [item.id, item]));
  const kept: KeptFact[] = [];
  for (const fact of facts) {
    const saying = sayingOf(fact.content);
    if (saying === '' || there.has(saying)) continue;
    there.add(saying);
    const rivals = fact.replaces.flatMap((id) => byId.get(id) ?? []);
    kept.push(settle(fact, rivals, saidAt.get(fact.turn) ?? ''));
  }
  return { kept, known: facts.length - kept.length };
}

function settle(fact: Fact, rivals: readonly KnownItem[], at: string): KeptFact {
  const older = rivals.filter((rival) => rival.at <= at && rival.is_replaceable);
  const newer = rivals.filter((rival) => rival.at > at);
  return { fact, replaces: older.map(({ id }) => id), replacedBy: newer[0]?.id };
}

/** Its words. Their order says who does what to whom. */
function sayingOf(content: string): string {
  const words = content.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.filter((word) => !ARTICLES.has(word)).join(' ');
}
