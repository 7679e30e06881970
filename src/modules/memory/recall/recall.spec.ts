import { describe, expect, it } from 'vitest';
import { mayShow } from './pii-rule.js';
import { mayEnter, namespacesOf } from './recall-scope.js';

const mine = { ownerId: 'ada', projectId: null };
const shared = { ownerId: 'ada', projectId: 'moon' };

describe('what a run may recall', () => {
  it('is of the person in runs of their own, and of the project in runs that its members read', () => {
    const of = { agentId: 'a', sessionId: 's' };
    expect(namespacesOf({ ...mine, ...of }).map(({ scope, id }) => `${scope}:${id}`)).toEqual([
      'user:ada',
      'agent:a',
      'session:s',
    ]);
    expect(namespacesOf({ ...shared, agentId: null })).toEqual([{ scope: 'project', id: 'moon' }]);
  });

  it('is nothing of an agent of somebody alone in a run of a project', () => {
    expect(mayEnter(shared, mine)).toBe(false);
    expect(mayEnter(shared, shared)).toBe(true);
    expect(mayEnter(mine, shared)).toBe(true);
  });

  it('is nothing where others listen, unless it is of the project', () => {
    expect(mayEnter({ ...mine, isHeardByOthers: true }, mine)).toBe(false);
    expect(mayEnter({ ...shared, isHeardByOthers: true }, shared)).toBe(true);
  });
});

describe('personal data', () => {
  it.each([
    ['own', [], shared, true],
    ['own', ['email'], mine, true],
    ['own', ['email'], shared, false],
    ['never', ['email'], mine, false],
    ['never', [], mine, true],
    ['always', ['email'], shared, true],
  ] as const)('by the rule %s, with %j', (rule, pii, scope, isShown) => {
    expect(mayShow({ pii }, scope, rule)).toBe(isShown);
  });
});
