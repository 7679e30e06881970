import { describe, expect, it } from 'vitest';
import { type Solution, searchedText, toolCodeOf } from './solution.js';

const artifact = (name: string, language: string) => ({ name, language, content: name });
const withArtifacts = (...artifacts: Solution['artifacts']): Solution => ({
  problem: 'P',
  approach: 'A',
  artifacts,
  outcome: '',
});

describe(searchedText, () => {
  it('is what the solution says, without its code', () => {
    const solution = withArtifacts(artifact('a.js', 'javascript'));
    expect(searchedText(solution)).toBe('P\n\nA');
    expect(searchedText({ ...solution, outcome: 'O' })).toBe('P\n\nA\n\nO');
  });
});

describe(toolCodeOf, () => {
  const one = withArtifacts(artifact('a.py', 'python'), artifact('b.js', 'JavaScript'));
  const two = withArtifacts(artifact('a.js', 'js'), artifact('b.js', 'javascript'));

  it.each([
    ['the only program', one, undefined, 'b.js'],
    ['the program that is named', two, 'a.js', 'a.js'],
    ['none of several', two, undefined, undefined],
    ['none of another language', one, 'a.py', undefined],
    ['none that is not there', two, 'c.js', undefined],
    ['none of nothing', withArtifacts(), undefined, undefined],
  ])('is %s', (_, solution, name, found) => {
    expect(toolCodeOf(solution, name)?.name).toBe(found);
  });
});
