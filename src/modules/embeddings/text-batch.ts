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

/** The first of them that fit into one call, cut where they are too long: one at least. Pure. */
export function batchOf(texts: readonly BareText[]): readonly BareText[] {
  let characters = 0;
  const cut = texts.slice(0, MAX_TEXTS).map((each) => ({ ...each, text: embeddable(each.text) }));
  const end = cut.findIndex(({ text }, at) => (characters += text.length) > MAX_CHARACTERS && at > 0);
  return end === -1 ? cut : cut.slice(0, end);
}

export function embeddable(text: string): string {
  return text.slice(0, MAX_TEXT_CHARACTERS).toWellFormed();
}
