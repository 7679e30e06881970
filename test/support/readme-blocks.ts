import { readFileSync } from 'node:fs';

const README = new URL('../../README.md', import.meta.url);

/** The code blocks of the README in one language, as they stand there. */
export function readmeBlocks(language: string): string[] {
  const text = readFileSync(README, 'utf8');
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(([, found, code = '']) =>
    found === language ? [code] : [],
  );
}
