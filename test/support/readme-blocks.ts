import { readRepositoryFile } from './repository-file.js';

/** The code blocks of the README in one language, as they stand there. */
export function readmeBlocks(language: string): string[] {
  const text = readRepositoryFile('README.md');
  return [...text.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(([, found, code = '']) =>
    found === language ? [code] : [],
  );
}
