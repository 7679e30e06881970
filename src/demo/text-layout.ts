/** Control characters, line ends, and what turns the direction of a text. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const NO_WIDTH = /[\p{Mark}\p{Cf}]/u;

/** One line of what a model wrote: without line breaks, and without what would steer the terminal. */
export function toLine(text: string): string {
  return text.replace(CONTROL, ' ').trim();
}

/** Terminal columns that a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += cellsOf(character);
  return width;
}

export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)));
}

/** The end of a text, in at most `width` columns. */
export function tailOf(text: string, width: number): string {
  const line = toLine(text);
  return widthOf(line) <= width ? line : `…${reversed(cut(reversed(line), width - 1))}`;
}

/** The beginning of a text, in at most `width` columns. */
export function headOf(text: string, width: number): string {
  const line = toLine(text);
  return widthOf(line) <= width ? line : `${cut(line, width - 1)}…`;
}

/** Breaks a text into lines of at most `width` columns, at spaces where there are any; its own line breaks stay. */
export function wrap(text: string, width: number): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((paragraph) => wrapParagraph(toLine(paragraph), width));
}

function wrapParagraph(paragraph: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(' ').flatMap((long) => pieces(long, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function pieces(word: string, width: number): string[] {
  const found: string[] = [];
  let rest = word;
  while (widthOf(rest) > width) {
    const piece = cut(rest, width);
    found.push(piece);
    rest = rest.slice(piece.length);
  }
  return [...found, rest];
}

function cut(text: string, width: number): string {
  let taken = '';
  let left = width;
  for (const character of text) {
    left -= cellsOf(character);
    if (left < 0) break;
    taken += character;
  }
  return taken;
}

function cellsOf(character: string): number {
  if (NO_WIDTH.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

function reversed(text: string): string {
  return Array.from(text).reverse().join('');
}
