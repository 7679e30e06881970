import { CandidateReader, type Candidates, joined } from './candidates.js';
import type { PlannedConcept, QuestionPlan } from './question-plan.js';
import type { Queryable } from './text-search.js';
import { filterQuery, type TextFilter, type TextSource } from './text-source.js';
import { rarestTerms, WordCounts } from './word-counts.js';

/** The texts that are scored for a question. */
export interface Gathered {
  readonly candidates: Candidates;
  /** Whether these are all texts of the filter. */
  readonly isAll: boolean;
  /** Among how many is searched. */
  readonly documents: number;
  /** In how many texts a concept is that were not all looked at; 0 where the candidates tell it. */
  readonly countOf: (concept: PlannedConcept) => number;
}

const MAX_KNOWN_LARGE = 10_000;

/**
 * Few texts are all looked at, which is the quickest and leaves nothing out. Of many only those with the rarest words
 * of the question, as the index finds them.
 */
export class TextGatherer {
  private readonly reader: CandidateReader;
  private readonly counts: WordCounts;
  /** Filters with more texts than are looked at: only a hint, so that these are not read in vain each time. */
  private readonly large = new Set<string>();

  constructor(
    database: Queryable,
    private readonly source: TextSource,
  ) {
    this.reader = new CandidateReader(database, source);
    this.counts = new WordCounts(database, source);
  }

  async gather(plan: QuestionPlan, filter: TextFilter): Promise<Gathered> {
    const keys = filterQuery(filter);
    if (!this.source.isTalk || this.large.has(keys)) return this.gatherSome(plan, filter);
    const candidates = await this.reader.readAll(plan.tests, filter);
    if (candidates) return { candidates, isAll: true, documents: candidates.count, countOf: () => 0 };
    if (this.large.size >= MAX_KNOWN_LARGE) this.large.clear();
    this.large.add(keys);
    return this.gatherSome(plan, filter);
  }

  /** With the neighbours that have none of the words themselves. */
  async lookAround(
    found: Gathered,
    ids: readonly string[],
    distances: readonly number[],
    plan: QuestionPlan,
    filter: TextFilter,
  ): Promise<Gathered> {
    const { candidates } = found;
    const known = new Set(Array.from({ length: candidates.count }, (_, at) => candidates.idOf(at)));
    const beside = await this.reader.readBeside(ids, distances, plan.tests, filter, [...known]);
    return { ...found, candidates: joined(candidates, beside) };
  }

  private async gatherSome(plan: QuestionPlan, filter: TextFilter): Promise<Gathered> {
    const [documents = 0, ...counts] = await this.counts.read(plan.terms, filter);
    const candidates = await this.reader.readWith(rarestTerms(plan.terms, counts), plan.tests, filter);
    const countOf = ({ term }: PlannedConcept) => counts[term] ?? 0;
    return { candidates, isAll: false, documents, countOf };
  }
}
