/** A piece of code, or of anything else that is text, that belongs to a solution. */
export interface CodeArtifact {
  readonly name: string;
  /** `javascript` can become a tool. */
  readonly language: string;
  readonly content: string;
}

/** What solved a problem. */
export interface Solution {
  readonly problem: string;
  readonly approach: string;
  readonly artifacts: readonly CodeArtifact[];
  readonly outcome: string;
}

/** What it is found by where nobody has written that. */
export function searchedText({ problem, approach, outcome }: Solution): string {
  return [problem, approach, outcome].filter((text) => text !== '').join('\n\n');
}

/**
 * Which of its artefacts a tool is made of.
 *
 * @param name default: the only one that is JavaScript
 */
export function toolCodeOf({ artifacts }: Solution, name: string | undefined): CodeArtifact | undefined {
  const programs = artifacts.filter(({ language }) => /^(js|javascript|ecmascript)$/i.test(language));
  if (name !== undefined) return programs.find((artifact) => artifact.name === name);
  return programs.length === 1 ? programs[0] : undefined;
}
