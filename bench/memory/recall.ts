import type { EvalConversation, EvalTurn } from '../../src/modules/memory/evaluation/read-conversations.js';
import { BASELINES } from './baselines.js';
import type { MemorySite } from './memory-site.js';

/** Of one question. */
export interface RecallFigures {
  /** The share of the turns with the answer that is among the first so many hits. */
  readonly at5: number;
  readonly at10: number;
  readonly ms: number;
}

/** Of all questions of a conversation, by who answered them. */
export type RecallByRanking = Readonly<Record<string, readonly RecallFigures[]>>;

type Ask = (userId: string, question: string) => Promise<readonly string[]>;

export const OURS = 'memory';
const LOOKED_AT = 10;

/** Remembers a conversation for a new user, and asks the user's memory all its questions. */
export async function recallOf(
  site: MemorySite,
  talk: EvalConversation,
  withBaselines: boolean,
): Promise<RecallByRanking> {
  const userId = await site.addUser();
  const ids = await site.remember(userId, talk.turns.map(toFields));
  const turns = new Map(ids.map((id, at) => [id, talk.turns[at]?.id ?? '']));
  const figures: Record<string, RecallFigures[]> = {};
  for (const [name, ask] of Object.entries(rankings(site, withBaselines))) {
    const asked: RecallFigures[] = [];
    for (const { text, evidence } of talk.questions) {
      const start = performance.now();
      const found = (await ask(userId, text)).map((id) => turns.get(id) ?? '');
      const ms = performance.now() - start;
      asked.push({ at5: share(found.slice(0, 5), evidence), at10: share(found, evidence), ms });
    }
    figures[name] = asked;
  }
  return figures;
}

function rankings(site: MemorySite, withBaselines: boolean): Readonly<Record<string, Ask>> {
  const baselines = Object.entries(withBaselines ? BASELINES : {}).map(([name, ask]): [string, Ask] => [
    name,
    (userId, question) => ask(site.database, userId, question, LOOKED_AT),
  ]);
  const ours: Ask = async (userId, q) =>
    (await site.search.search(userId, { q, limit: LOOKED_AT })).map(({ item }) => item.id);
  return { ...Object.fromEntries(baselines), [OURS]: ours };
}

function share(found: readonly string[], evidence: readonly string[]): number {
  return evidence.filter((id) => found.includes(id)).length / evidence.length;
}

function toFields({ text, speaker, session, position, at }: EvalTurn) {
  const metadata = { ...(speaker !== null && { speaker }), session_id: session, turn: position };
  return {
    kind: 'fragment' as const,
    content: text,
    metadata: { ...metadata, ...(at && { at: at.toISOString() }) },
  };
}
