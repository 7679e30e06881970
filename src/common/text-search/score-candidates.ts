import type { Candidates } from './candidates.js';
import type { Concept } from './question-plan.js';

export interface Corpus {
  /** Of all texts among which is searched, found or not. */
  readonly documents: number;
  /** In how many texts each concept is, where more than the candidates have it. */
  readonly having?: readonly number[];
}

export interface ScoringOptions {
  /** How soon further occurrences of a term stop counting. */
  readonly k1: number;
  /** How much long texts are held back, 0 to 1. */
  readonly b: number;
  /** What an occurrence so many places before the text counts: [1 before, 2 before, …]. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** A text of so many words counts for half of a long one: what answers says something. */
  readonly half: number;
}

export const STANDARD_SCORING: ScoringOptions = {
  k1: 1.2,
  b: 0.2,
  half: 3,
  before: [0.5, 0.25, 0.15],
  after: [0.12],
};

/**
 * Scores by BM25. The occurrences of what stands beside a text in its thread are added to its own, less and less with
 * the distance. A score is the share of what could be found, 0 to 1. Pure.
 *
 * @see https://doi.org/10.1561/1500000019 (Robertson, Zaragoza: The Probabilistic Relevance Framework)
 */
export function scoreCandidates(
  concepts: readonly Concept[],
  candidates: Candidates,
  corpus: Corpus,
  options: ScoringOptions = STANDARD_SCORING,
): Float64Array {
  const own = countsOf(concepts, candidates);
  const weights = concepts.map(({ weight }, at) => weight * inverseFrequency(own[at], at, corpus));
  const total = weights.reduce((sum, each) => sum + each, 0) || 1;
  const held = heldBack(candidates, options);
  const neighbours = neighboursOf(candidates, options);
  const [around, found] = [new Float64Array(candidates.count), new Float64Array(candidates.count)];
  own.forEach((counts, concept) => {
    const weight = (weights[concept] ?? 0) / total;
    if (weight === 0) return;
    addNeighbours(around, counts, neighbours);
    for (let at = 0; at < found.length; at += 1) {
      const count = around[at] ?? 0;
      found[at] = (found[at] ?? 0) + (weight * count) / (count + (held[at] ?? 0));
    }
  });
  for (let at = 0; at < found.length; at += 1) {
    const length = candidates.lengths[at] ?? 0;
    found[at] = (found[at] ?? 0) * (length / (length + options.half));
  }
  return found;
}

/** By concept and candidate, in one piece of memory: many small ones cost more than all the sums. */
function countsOf(concepts: readonly Concept[], { count, hits }: Candidates): readonly Float64Array[] {
  const all = new Float64Array(concepts.length * count);
  return concepts.map(({ tests }, concept) => {
    const counts = all.subarray(concept * count, (concept + 1) * count);
    for (const { test, weight } of tests) addHits(counts, hits[test], weight);
    return counts;
  });
}

function addHits(counts: Float64Array, hits: Uint8Array | undefined, weight: number): void {
  for (let at = 0; at < counts.length; at += 1) counts[at] = (counts[at] ?? 0) + (hits?.[at] ?? 0) * weight;
}

function inverseFrequency(counts: Float64Array | undefined, concept: number, { documents, having }: Corpus): number {
  const found = counts ? positives(counts) : 0;
  const those = Math.max(found, having?.[concept] ?? 0);
  const all = Math.max(documents, those);
  return those === 0 ? 0 : Math.log(1 + (all - those + 0.5) / (those + 0.5));
}

function positives(counts: Float64Array): number {
  let found = 0;
  for (let at = 0; at < counts.length; at += 1) if ((counts[at] ?? 0) > 0) found += 1;
  return found;
}

function heldBack({ lengths, count }: Candidates, { k1, b }: ScoringOptions): Float64Array {
  const average = lengths.reduce((sum, length) => sum + length, 0) / count || 1;
  const held = new Float64Array(count);
  for (let at = 0; at < count; at += 1) held[at] = k1 * (1 - b + (b * (lengths[at] ?? 0)) / average);
  return held;
}

/** For each candidate the place of its neighbour at a distance, or -1. */
interface Neighbours {
  readonly share: number;
  readonly at: Int32Array;
}

function neighboursOf(candidates: Candidates, { before, after }: ScoringOptions): readonly Neighbours[] {
  const places = placesOf(candidates);
  return [
    ...before.map((share, distance) => ({ share, at: neighboursAt(-distance - 1, candidates, places) })),
    ...after.map((share, distance) => ({ share, at: neighboursAt(distance + 1, candidates, places) })),
  ];
}

function neighboursAt(distance: number, { threads, positions, count }: Candidates, places: Places): Int32Array {
  const neighbours = new Int32Array(count).fill(-1);
  for (let at = 0; at < count; at += 1) {
    const position = positions[at] ?? -1;
    if (position < 0) continue;
    const other = places.get(placeKey(threads[at] ?? 0, position + distance));
    if (other !== undefined && positions[other] === position + distance) neighbours[at] = other;
  }
  return neighbours;
}

type Places = ReadonlyMap<number, number>;

function placesOf({ threads, positions, count }: Candidates): Places {
  const places = new Map<number, number>();
  for (let at = 0; at < count; at += 1) {
    const position = positions[at] ?? -1;
    if (position >= 0) places.set(placeKey(threads[at] ?? 0, position), at);
  }
  return places;
}

/** As one number, which maps find sooner than a text. Talks of more than a million turns are told apart elsewhere. */
function placeKey(thread: number, position: number): number {
  return thread * 2 ** 20 + (position % 2 ** 20);
}

function addNeighbours(sums: Float64Array, own: Float64Array, neighbours: readonly Neighbours[]): void {
  sums.set(own);
  for (const { share, at } of neighbours) {
    for (let one = 0; one < sums.length; one += 1) {
      const other = at[one] ?? -1;
      if (other >= 0) sums[one] = (sums[one] ?? 0) + share * Math.min(1, own[other] ?? 0);
    }
  }
}
