import type { QuestionWord } from './question-words.js';
import { anyOf, quoted } from './text-source.js';

const LIKE_WEIGHT = 0.35;
const NEAR_WEIGHT = 0.8;
const DATE_WEIGHT = 0.5;

/** What each text is tested for, as the text of a `tsquery`. */
export interface PlannedTest {
  readonly query: string;
  /** Of how many lexemes any may match. */
  readonly lexemes: number;
}

/** What a question asks for: any of its tests counts, by its weight. */
export interface Concept {
  readonly tests: readonly { readonly test: number; readonly weight: number }[];
  /** How much it counts beside the others. */
  readonly weight: number;
}

/** A concept of which it is known what word it came from. */
export interface PlannedConcept extends Concept {
  readonly word: QuestionWord;
  readonly kind: 'word' | 'like';
  /** The number of the test whether the word names who says a text. */
  readonly speaker: number | undefined;
  /** The number of its term. */
  readonly term: number;
}

export interface QuestionPlan {
  readonly tests: readonly PlannedTest[];
  readonly concepts: readonly PlannedConcept[];
  /** What a text has to have one of, as parts of a `tsquery` without weights, each with the word it stands for. */
  readonly terms: readonly string[];
}

/** Lexemes by word. */
export type Lexemes = ReadonlyMap<string, readonly string[]>;

export interface PlanOptions {
  /** Whether words have weights; see `TextSource`. */
  readonly isTalk: boolean;
  /** Lexemes to take for those of a word that was not found, by word. */
  readonly near?: Lexemes;
}

/**
 * Turns the words of a question into tests: the word with its other forms, and words like it. Words without a lexeme
 * are stop words. Pure.
 */
export function planQuestion(words: readonly QuestionWord[], lexemes: Lexemes, options: PlanOptions): QuestionPlan {
  const plan = new PlanDraft(lexemes, options);
  for (const word of distinct(words)) if (lexemes.get(word.word)?.length) plan.addWord(word);
  return plan;
}

class PlanDraft implements QuestionPlan {
  readonly tests: PlannedTest[] = [];
  readonly concepts: PlannedConcept[] = [];
  readonly terms: string[] = [];

  constructor(
    private readonly lexemes: Lexemes,
    private readonly options: PlanOptions,
  ) {}

  addWord(word: QuestionWord): void {
    const own = this.lexemesOf([word.word, ...word.forms]);
    const near = (this.options.near?.get(word.word) ?? []).filter((each) => !own.includes(each));
    const tests = [
      ...this.testOf(own, 'A', 1),
      ...this.testOf(near, 'A', NEAR_WEIGHT),
      ...(this.options.isTalk && word.mayBeDate ? this.testOf(own, 'D', DATE_WEIGHT) : []),
    ];
    const speaker = this.options.isTalk && word.mayBeName ? this.testOf(own, 'B', 1)[0]?.test : undefined;
    this.concepts.push({ word, kind: 'word', tests, weight: 1, speaker, term: this.termOf([...own, ...near]) });
    this.addLike(word, own);
  }

  private addLike(word: QuestionWord, own: readonly string[]): void {
    const like = this.lexemesOf(word.like).filter((each) => !own.includes(each));
    if (like.length === 0) return;
    const tests = this.testOf(like, 'A', 1);
    this.concepts.push({ word, kind: 'like', tests, weight: LIKE_WEIGHT, speaker: undefined, term: this.termOf(like) });
  }

  private termOf(lexemes: readonly string[]): number {
    return this.terms.push(anyOf(lexemes.map(quoted))) - 1;
  }

  private testOf(lexemes: readonly string[], weight: 'A' | 'B' | 'D', counts: number) {
    if (lexemes.length === 0) return [];
    const suffix = this.options.isTalk ? `:${weight}` : '';
    const query = anyOf(lexemes.map((lexeme) => `${quoted(lexeme)}${suffix}`));
    return [{ test: this.tests.push({ query, lexemes: lexemes.length }) - 1, weight: counts }];
  }

  private lexemesOf(words: readonly string[]): readonly string[] {
    return [...new Set(words.flatMap((word) => this.lexemes.get(word) ?? []))];
  }
}

function distinct(words: readonly QuestionWord[]): readonly QuestionWord[] {
  return [...new Map(words.toReversed().map((word) => [word.word, word])).values()].toReversed();
}
