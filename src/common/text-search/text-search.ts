import { type Gathered, TextGatherer } from './text-gatherer.js';
import type { TextLanguage } from './languages.js';
import { LexemeReader } from './lexeme-reader.js';
import { NearWords } from './near-words.js';
import { planQuestion, type QuestionPlan } from './question-plan.js';
import { questionWords } from './question-words.js';
import { scoreCandidates, type ScoringOptions, STANDARD_SCORING } from './score-candidates.js';
import { whoSaysIt } from './speakers.js';
import type { TextFilter, TextSource } from './text-source.js';

/** What a database is to a search. */
export interface Queryable {
  query<Rows>(sql: string, values?: unknown[]): Promise<Rows>;
}

export interface TextSearchOptions {
  /** By whose rules texts are stemmed, when a search does not say it. */
  readonly language: TextLanguage;
  readonly scoring?: ScoringOptions;
  /** Whether `pg_trgm` is used. Default: where it is installed. */
  readonly useTrigramExtension?: boolean;
}

export interface FoundText {
  readonly id: string;
  /** 0 to about 1. */
  readonly score: number;
}

/** The best of many get the neighbours that have no term themselves looked at. */
const LOOKED_AROUND = 30;
const MIN_NEAR_LENGTH = 4;

/** Finds the texts that answer a question, by words: no model has a part in it. */
export class TextSearch {
  private readonly lexemes: LexemeReader;
  private readonly texts: TextGatherer;
  private readonly near: NearWords;
  private readonly scoring: ScoringOptions;

  constructor(
    database: Queryable,
    private readonly source: TextSource,
    private readonly options: TextSearchOptions,
  ) {
    this.lexemes = new LexemeReader(database);
    this.texts = new TextGatherer(database, source);
    this.near = new NearWords(database, source, options.useTrigramExtension);
    this.scoring = options.scoring ?? STANDARD_SCORING;
  }

  /** The best first. A question without a word that means anything finds nothing. */
  async search(
    question: string,
    filter: TextFilter,
    limit: number,
    languages: readonly string[] = [this.options.language],
  ): Promise<readonly FoundText[]> {
    const words = questionWords(question, languages);
    const all = words.flatMap(({ word, forms, like }) => [word, ...forms, ...like]);
    const lexemes = await this.lexemes.read(all, languages);
    const { isTalk } = this.source;
    let plan = planQuestion(words, lexemes, { isTalk });
    if (plan.terms.length === 0) return [];
    let found = await this.texts.gather(plan, filter);
    const near = await this.near.find(unheard(plan, found), filter);
    if ([...near.values()].some((each) => each.length > 0)) {
      plan = planQuestion(words, lexemes, { isTalk, near });
      found = await this.texts.gather(plan, filter);
    }
    return this.ranked(plan, found, filter, limit);
  }

  private async ranked(
    plan: QuestionPlan,
    found: Gathered,
    filter: TextFilter,
    limit: number,
  ): Promise<readonly FoundText[]> {
    const hasNeighbours = this.scoring.before.length + this.scoring.after.length > 0;
    if (found.isAll || !hasNeighbours) return this.best(plan, found, limit);
    const first = this.best(plan, found, LOOKED_AROUND);
    const ids = first.map(({ id }) => id);
    const distances = [...this.scoring.before.map((_, at) => at + 1), ...this.scoring.after.map((_, at) => -at - 1)];
    return this.best(plan, await this.texts.lookAround(found, ids, distances, plan, filter), limit);
  }

  private best(plan: QuestionPlan, { candidates, documents, countOf }: Gathered, limit: number): readonly FoundText[] {
    const { concepts, boostOf } = whoSaysIt(plan, candidates);
    const having = concepts.map(countOf);
    const scores = scoreCandidates(concepts, candidates, { documents, having }, this.scoring);
    for (let at = 0; at < scores.length; at += 1) scores[at] = (scores[at] ?? 0) * boostOf(at);
    const best = highest(scores, limit);
    return best.map((at) => ({ id: candidates.idOf(at), score: scores[at] ?? 0 }));
  }
}

/** Where the highest are that are not 0, the highest first. */
function highest(scores: Float64Array, count: number): readonly number[] {
  const bound = scores.toSorted().at(-count) ?? 0;
  const order = [...scores.keys()].filter((at) => (scores[at] ?? 0) > 0 && (scores[at] ?? 0) >= bound);
  return order.toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || b - a).slice(0, count);
}

/** Words to look for by their looks: names that nobody said, and all of them when hardly anything was found. */
function unheard({ concepts }: QuestionPlan, { candidates: { hits }, countOf }: Gathered): readonly string[] {
  const words = concepts.filter(({ kind }) => kind === 'word');
  const isHit = (test: number) => hits[test]?.some((hit) => hit > 0) === true;
  const silent = words.filter(
    (concept) =>
      countOf(concept) === 0 &&
      !concept.tests.some(({ test }) => isHit(test)) &&
      (concept.speaker === undefined || !isHit(concept.speaker)),
  );
  const isLost = silent.length * 2 >= words.length;
  return silent
    .map(({ word }) => word)
    .filter(({ word, isName }) => word.length >= MIN_NEAR_LENGTH && (isName || isLost))
    .map(({ word }) => word);
}
