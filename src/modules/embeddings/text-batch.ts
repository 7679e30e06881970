/** A text without a vector. */
export interface BareText {
  readonly id: string;
  readonly text: string;
  /** Of the whole text. */
  readonly hash: string;
}

/** Of one call. Providers take more, but not of long texts. */
export const MAX_TEXTS = 64;
const MAX_CHARACTERS = 100_000;
/** About what models of this sort read; what comes after is not in the vector. */
export const MAX_TEXT_CHARACTERS = 8_000;

/** How much of how many texts is sent. */
export interface Portion {
  readonly texts: number;
  readonly characters: number;
}

export const TOGETHER: Portion = { texts: MAX_TEXTS, characters: MAX_TEXT_CHARACTERS };
export const ALONE: Portion = { texts: 1, characters: MAX_TEXT_CHARACTERS };
/** About what the smallest models read. */
export const SHORT: Portion = { texts: 1, characters: 1_000 };

/** The first of them that fit into one call, cut where they are too long: one at least. Pure. */
export function batchOf(texts: readonly BareText[], portion: Portion = TOGETHER): readonly BareText[] {
  let characters = 0;
  const cut = texts
    .slice(0, portion.texts)
    .map((each) => ({ ...each, text: embeddable(each.text, portion.characters) }));
  const end = cut.findIndex(({ text }, at) => (characters += text.length) > MAX_CHARACTERS && at > 0);
  return end === -1 ? cut : cut.slice(0, end);
}

export function embeddable(text: string, characters = MAX_TEXT_CHARACTERS): string {
  return text.slice(0, characters).toWellFormed();
}
