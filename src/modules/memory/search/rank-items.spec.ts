import { describe, expect, it } from 'vitest';
import type { MemoryItem } from '../entities/memory-item.entity.js';
import { type Candidate, rankItems } from './rank-items.js';

const NOW = new Date('2026-11-20T12:00:00Z');

function candidate(id: string, text: number, vector?: number): Candidate {
  const item = { id, importance: 0.5, saidAt: null, createdAt: NOW } as Partial<MemoryItem> as MemoryItem; // all that is read
  return { item, text, ...(vector !== undefined && { vector }) };
}
const idsOf = (...candidates: Candidate[]) => rankItems(candidates, NOW).map(({ item }) => item.id);

describe('rankItems', () => {
  it('goes by the text where no vectors were compared', () => {
    const [best] = rankItems([candidate('a', 0.2), candidate('b', 0.5)], NOW);
    expect(best).toMatchObject({ item: { id: 'b' }, scores: { text: 0.5, recency: 1, importance: 0.5 } });
    expect(best?.score).toBeCloseTo(0.5 + 0.02 + 0.02);
    expect(best?.scores).not.toHaveProperty('vector');
  });

  it('prefers what both rankings have, however high the other stands in one', () => {
    expect(idsOf(candidate('words', 0.9), candidate('both', 0.1, 0.2), candidate('meaning', 0, 0.9))).toEqual([
      'both',
      'words',
      'meaning',
    ]);
  });

  it('gives first place in both a score of 1, and no place in the ranking of words to what has none', () => {
    const [first, second] = rankItems([candidate('a', 0.3, 0.8), candidate('b', 0, 0.7)], NOW);
    expect([first?.score, second?.scores.text]).toEqual([1, 0]);
    expect(second?.score).toBeCloseTo(61 / 62 / 2);
  });
});
