import { asksForTime } from './question-words.js';

/** Tells a time when one is asked for. */
const TELLS_TIME = 1.2;
/** Who does nothing but ask does not answer. */
const ASKS = 0.6;
/** Words beside a question that say nothing, such as `Wow, that is great!`. */
const SAYS_NOTHING = 4;

const TIME = new RegExp(
  String.raw`\b(yesterday|today|tonight|tomorrow|ago|last|next|weeks?|weekend|months?|years?|days?|morning|recently|` +
    `(mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october|` +
    String.raw`november|december|since|summer|winter|spring|fall|autumn|(19|20)\d\d)\b`,
  'i',
);

/** What is multiplied into the score of a text for what sort of answer it can be. Of English questions only. Pure. */
export function answerBoost(question: string, text: string): number {
  const tellsTime = asksForTime(question) && TIME.test(text);
  return (tellsTime ? TELLS_TIME : 1) * (onlyAsks(text) ? ASKS : 1);
}

function onlyAsks(text: string): boolean {
  if (!text.includes('?')) return false;
  const said = text.replaceAll(/[^.!?\n]*\?/g, ' ').match(/[\p{L}\p{N}]+/gu) ?? [];
  return said.length <= SAYS_NOTHING;
}
