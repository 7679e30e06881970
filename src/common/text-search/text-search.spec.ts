import { describe, expect, it } from 'vitest';
import { answerBoost } from './answer-signs.js';
import type { Candidates } from './candidates.js';
import { type Concept, planQuestion } from './question-plan.js';
import { asksForTime, questionWords } from './question-words.js';
import { scoreCandidates } from './score-candidates.js';
import { filterQuery, quoted } from './text-source.js';
import { nearestWords, wordSimilarity } from './trigrams.js';
import { rarestTerms } from './word-counts.js';

interface Text {
  readonly id: string;
  readonly hits: readonly number[];
  readonly length?: number;
  readonly thread?: number;
  readonly position?: number;
}

const concept = (test: number): Concept => ({ weight: 1, tests: [{ test, weight: 1 }] });

function candidatesOf(texts: readonly Text[]): Candidates {
  const column = (of: (text: Text) => number) => Int32Array.from(texts, of);
  return {
    count: texts.length,
    idOf: (at) => texts[at]?.id ?? '',
    threads: column(({ thread = 0 }) => thread),
    positions: column(({ position = -1 }) => position),
    lengths: column(({ length = 10 }) => length),
    hits: (texts[0]?.hits ?? []).map((_, test) => Uint8Array.from(texts, ({ hits }) => hits[test] ?? 0)),
  };
}

function scored(concepts: readonly Concept[], texts: readonly Text[]): readonly (readonly [string, number])[] {
  const scores = scoreCandidates(concepts, candidatesOf(texts), { documents: 100 });
  return texts.map(({ id }, at) => [id, scores[at] ?? 0] as const).toSorted((a, b) => b[1] - a[1]);
}
const order = (concepts: readonly Concept[], texts: readonly Text[]) => scored(concepts, texts).map(([id]) => id);

describe('scoreCandidates', () => {
  it('puts the rarer of two words first, and both before one', () => {
    const common = [1, 2, 3, 4].map((n) => ({ id: `common ${n}`, hits: [1, 0] }));
    const texts = [...common, { id: 'rare', hits: [0, 1] }, { id: 'both', hits: [1, 1] }];
    const scores = scored([concept(0), concept(1)], texts);
    expect(scores.map(([id]) => id).slice(0, 2)).toEqual(['both', 'rare']);
    expect(scores.every(([, score]) => score >= 0 && score <= 1)).toBe(true);
  });

  it('holds back what says next to nothing, and what is very long', () => {
    const texts = [
      { id: 'long', hits: [1], length: 400 },
      { id: 'two words', hits: [1], length: 2 },
      { id: 'sentence', hits: [1], length: 12 },
    ];
    expect(order([concept(0)], texts)).toEqual(['sentence', 'long', 'two words']);
  });

  it('lets the turns around a turn speak for it, in its thread only', () => {
    const texts = [
      { id: 'asked', hits: [1], thread: 7, position: 4 },
      { id: 'answered', hits: [0], thread: 7, position: 5 },
      { id: 'later', hits: [0], thread: 7, position: 9 },
      { id: 'elsewhere', hits: [0], thread: -8, position: 5 },
    ];
    const scores = scored([concept(0)], texts);
    expect(scores.map(([id]) => id).slice(0, 2)).toEqual(['asked', 'answered']);
    expect(scores.slice(2).map(([, score]) => score)).toEqual([0, 0]);
  });

  it('finds nothing by no words', () => {
    expect(scored([], [{ id: 'a', hits: [] }])).toEqual([['a', 0]]);
  });
});

describe('answerBoost', () => {
  it('prefers what tells a time when one is asked for, and what does not only ask', () => {
    expect(answerBoost('When was it?', 'It was last May.')).toBeGreaterThan(
      answerBoost('When was it?', 'It was good.'),
    );
    expect(answerBoost('Who?', 'Wow! Who was it?')).toBeLessThan(1);
    expect(answerBoost('Who?', 'I met Ada at the harbour. And you?')).toBe(1);
  });
});

describe('rarestTerms', () => {
  it('takes as many as are scored, one at least, and none that is nowhere', () => {
    expect(rarestTerms(['common', 'rare', 'absent'], [1_999, 2, 0])).toEqual(['rare']);
    expect(rarestTerms(['common'], [9_000])).toEqual(['common']);
  });
});

describe('questionWords', () => {
  it('knows other forms, names, and what only asks', () => {
    const words = questionWords("What kind of car would Ada's friend buy?", ['english']);
    const byWord = new Map(words.map((word) => [word.word, word]));
    expect(byWord.get('buy')?.forms).toEqual(['bought']);
    expect(byWord.get('car')?.like).toContain('vehicle');
    expect(byWord.get('ada')?.isName).toBe(true);
    expect([byWord.has('kind'), byWord.has('would')]).toEqual([false, false]);
  });

  it('leaves other languages as they are, and is bounded', () => {
    expect(questionWords('would buy', ['german']).map(({ word, forms }) => [word, forms])).toEqual([
      ['would', []],
      ['buy', []],
    ]);
    expect(questionWords('word '.repeat(10_000), ['english'])).toHaveLength(48);
  });

  it('tells what asks for a time', () => {
    expect(['When was it?', 'Since when?', 'Who was it?'].map(asksForTime)).toEqual([true, true, false]);
  });
});

describe('planQuestion', () => {
  const lexemes = new Map([
    ['support', ['support']],
    ['group', ['group']],
    ['the', []],
  ]);

  it('asks for what is said, leaves stop words out, and takes names for who says it', () => {
    const { tests, terms, concepts } = planQuestion(questionWords('the support Group', ['simple']), lexemes, {
      isTalk: true,
    });
    expect(terms).toEqual([`('support')`, `('group')`]);
    expect(concepts.map(({ speaker }) => (speaker === undefined ? undefined : tests[speaker]?.query))).toEqual([
      undefined,
      `('group':B)`,
    ]);
    expect(tests[0]).toEqual({ query: `('support':A)`, lexemes: 1 });
  });
});

describe('the text index', () => {
  it('quotes what is looked for', () => {
    expect(quoted(`it's \\ | !`)).toBe(`'it''s \\\\ | !'`);
    expect(filterQuery({ keys: [['=a:1', '=b:2'], ['=c:3']] })).toBe(`('=a:1' | '=b:2') & ('=c:3')`);
  });
});

describe('trigrams', () => {
  it('likens words as pg_trgm does', () => {
    expect(wordSimilarity('word', 'words')).toBeCloseTo(0.571_429);
    expect(nearestWords('wilhelmena', ['wilhelmina', 'william', 'tea'], 0.4, 3)).toEqual(['wilhelmina']);
  });
});
