/** Between two rankings the first places count for more, but not for everything. @see https://doi.org/10.1145/1571941.1572114 */
const K = 60;

/**
 * Reciprocal rank fusion: what each of the rankings puts high is high. Answers for each id the sum of `1 / (60 + rank)`, as
 * a part of the most that there could be: 1 is first in all of them. Pure.
 */
export function fuseRanks(rankings: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  const scores = new Map<string, number>();
  const most = rankings.length / (K + 1);
  for (const ranking of rankings) {
    ranking.forEach((id, at) => scores.set(id, (scores.get(id) ?? 0) + 1 / (K + 1 + at) / most));
  }
  return scores;
}
