import { likeWordsOf, otherForms } from './english-forms.js';

/** A word of a question, with other words that stand for it. */
export interface QuestionWord {
  readonly word: string;
  /** Written with a capital where no sentence begins: a name, most likely. */
  readonly isName: boolean;
  /** Whether it may be the name of who says a text. */
  readonly mayBeName: boolean;
  /** Whether it may be a part of a date. */
  readonly mayBeDate: boolean;
  /** Other forms of it that no stemmer knows. */
  readonly forms: readonly string[];
  /** Words of about its meaning. */
  readonly like: readonly string[];
}

const MAX_WORDS = 48;
const DATE_PART =
  /^(\d{1,4}(st|nd|rd|th)?|(mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|october|november|december)$/;
const WORD = /[\p{L}\p{M}\p{N}]+(?:[’'.-][\p{L}\p{M}\p{N}]+)*/gu;

/** Words of questions that answers do not have, beyond the stop words of the database. */
const ASKING = new Set(
  `would could might shall many much kind kinds type types sort ever likely based according mention mentioned describe
  described conversation considered specific specifically currently various different name named`.split(/\s+/),
);

/** The words of a question that answers may have, in its order, at most {@link MAX_WORDS} of them. Pure. */
export function questionWords(text: string, languages: readonly string[]): readonly QuestionWord[] {
  const isEnglish = languages.includes('english');
  const written = [...text.matchAll(WORD)].slice(0, MAX_WORDS).map(([word]) => word.replace(/[’']s$/u, ''));
  const isCapital = (base: string) => /^\p{Lu}/u.test(base);
  const hasNames = written.some((base, at) => at > 0 && isCapital(base));
  const words = written.map((base, place) => {
    const [word, isName] = [base.toLowerCase(), place > 0 && isCapital(base)];
    const marks = {
      isName,
      mayBeName: isName || place === 0 || !hasNames,
      mayBeDate: !isEnglish || DATE_PART.test(word),
    };
    if (!isEnglish || isName) return { word, ...marks, forms: [], like: [] };
    const forms = otherForms(word);
    return { word, ...marks, forms, like: likeWordsOf(word).filter((other) => !forms.includes(other)) };
  });
  const telling = isEnglish ? words.filter(({ word }) => !ASKING.has(word)) : words;
  return telling.length > 0 ? telling : words;
}

const ASKS_TIME = /\b(when|what (?:date|day|month|year|time)|how long|since when|which (?:day|month|year))\b/i;

/** Whether a question asks for a time. */
export function asksForTime(question: string): boolean {
  return ASKS_TIME.test(question);
}
