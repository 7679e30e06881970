export interface State {
  readonly round: number;
  readonly text: string;
}

const STATE_BYTES = 1024;
const AROUND_TEXT_BYTES = '{"round":10,"text":""}'.length;
const WORDS =
  'agent answers a question about rivers while another reads the plan and writes notes for the team in short lines'.split(
    ' ',
  );

/** About 1 KB as JSON, no two alike, as hard to compress as prose. */
export function makeState(round: number, seed: number): State {
  const words: string[] = [];
  let length = 0;
  for (let n = seed * 7_919 + round; length < STATE_BYTES - AROUND_TEXT_BYTES; n = (n * 48_271 + 11) % 2_147_483_647) {
    const word = `${WORDS[n % WORDS.length]}${n % 97} `;
    words.push(word);
    length += word.length;
  }
  return { round, text: words.join('').slice(0, STATE_BYTES - AROUND_TEXT_BYTES) };
}
