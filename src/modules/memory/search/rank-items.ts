import { fuseRanks } from '../../../common/vectors/fuse-ranks.js';
import type { MemoryItem } from '../entities/memory-item.entity.js';

/** What a hit is worth, by part. */
export interface ScoreParts {
  readonly text: number;
  /** How near its vector is to that of the question. Absent where none was compared, or others were nearer. */
  readonly vector?: number;
  readonly recency: number;
  readonly importance: number;
}

export interface MemoryHit {
  readonly item: MemoryItem;
  readonly score: number;
  readonly scores: ScoreParts;
}

/** An item that may be an answer. */
export interface Candidate {
  readonly item: MemoryItem;
  readonly text: number;
  readonly vector?: number;
}

const HALF_LIFE_MS = 30 * 86_400_000;
const RECENCY_WEIGHT = 0.02;
const IMPORTANCE_WEIGHT = 0.04;

/**
 * The best first. By words alone, `score = text + 0.02 · recency + 0.04 · importance`; recency halves every 30 days. The text
 * decides; the rest tells apart what answers a question about as well. Where vectors were compared, that is one ranking, the
 * same with the vector in place of the text another, and the score is what {@link fuseRanks} makes of them. Pure.
 */
export function rankItems(candidates: readonly Candidate[], now: Date): readonly MemoryHit[] {
  const byText = candidates.map((candidate) => scoreItem(candidate, now));
  if (candidates.every(({ vector }) => vector === undefined)) return byText.toSorted(bestFirst);
  const byVector = candidates.flatMap((candidate) =>
    candidate.vector === undefined ? [] : [scoreItem(candidate, now, candidate.vector)],
  );
  const rankings = [byText.filter(({ scores }) => scores.text > 0), byVector];
  const fused = fuseRanks(rankings.map((hits) => hits.toSorted(bestFirst).map(({ item }) => item.id)));
  return byText.map((hit) => ({ ...hit, score: fused.get(hit.item.id) ?? 0 })).toSorted(bestFirst);
}

/** By one part above all: its text, unless it is said otherwise. Pure. */
export function scoreItem({ item, text, vector }: Candidate, now: Date, main = text): MemoryHit {
  const ageMs = Math.max(0, now.getTime() - (item.saidAt ?? item.createdAt).getTime());
  const recency = 2 ** (-ageMs / HALF_LIFE_MS);
  const { importance } = item;
  const score = main + RECENCY_WEIGHT * recency + IMPORTANCE_WEIGHT * importance;
  return { item, score, scores: { text, ...(vector !== undefined && { vector }), recency, importance } };
}

function bestFirst(one: MemoryHit, other: MemoryHit): number {
  return other.score - one.score;
}
