import { describe, expect, it } from 'vitest';
import { decideFacts } from './decide-facts.js';
import type { Fact, KnownItem } from './extract-job.js';
import { findPii } from './find-pii.js';
import { readFacts, turnsAsFacts } from './read-facts.js';

const AT = '2026-05-01T10:00:00.000Z';
const turns = [
  { turn: 3, speaker: 'user', at: AT, content: 'I moved from Oslo to Bergen.' },
  { turn: 4, speaker: 'Agent', at: AT, content: '  ' },
];
const known: KnownItem[] = [
  { id: 'old', content: 'Ada lives in Oslo.', at: '2026-01-01T00:00:00.000Z', is_replaceable: true },
  { id: 'own', content: 'Ada likes Oslo.', at: '2026-01-01T00:00:00.000Z', is_replaceable: false },
  { id: 'new', content: 'Ada lives in Rome.', at: '2026-06-01T00:00:00.000Z', is_replaceable: true },
];
const fact = (content: string, replaces: string[] = []): Fact => {
  return { content, turn: 3, tags: [], pii: [], importance: 0.5, replaces };
};
const decide = (...facts: Fact[]) => decideFacts(facts, known, new Map([[3, AT]]));

describe('what is kept of a conversation', () => {
  it('is not what is known, however it is written, nor what is said twice', () => {
    const { kept, known: count } = decide(
      fact('ada lives in the Oslo'),
      fact('Ada has 2 cats.'),
      fact('ADA has: 2 cats'),
    );
    expect(kept.map((one) => one.fact.content)).toEqual(['Ada has 2 cats.']);
    expect(count).toBe(2);
  });

  it('is what differs in a single word, or in their order', () => {
    expect(decide(fact('Ada lives in Bergen.')).kept).toHaveLength(1);
    const swapped = [fact('Ada has 2 cats and 3 dogs.'), fact('Ada has 3 cats and 2 dogs.'), fact('Ada had 2 cats.')];
    expect(decide(...swapped).kept).toHaveLength(3);
  });

  it('replaces what was said before, unless a person keeps that', () => {
    expect(decide(fact('Ada lives in Bergen.', ['old', 'own', 'gone'])).kept).toMatchObject([
      { replaces: ['old'], replacedBy: undefined },
    ]);
  });

  it('is over already when something newer says otherwise', () => {
    expect(decide(fact('Ada lives in Bergen.', ['new'])).kept).toMatchObject([{ replaces: [], replacedBy: 'new' }]);
  });
});

describe('readFacts', () => {
  it('takes facts out of what a model wrote, with what it left out', () => {
    const answer = {
      facts: [{ content: ' Write to ada@example.com. ', turn: 99, importance: 7, replaces: [1, 9], pii: ['Name'] }],
    };
    expect(readFacts(`\`\`\`json\n${JSON.stringify(answer)}\n\`\`\``, turns, known)).toEqual([
      {
        content: 'Write to ada@example.com.',
        turn: 3,
        tags: [],
        pii: ['name', 'email'],
        importance: 1,
        replaces: ['old'],
      },
    ]);
  });

  it.each(['', 'Sure!', '{}', '[]', '{"facts":[{"turn":1}]}'])('makes nothing of %j', (text) => {
    expect(readFacts(text, turns, known)).toBeNull();
  });

  it('is not needed to keep the turns themselves', () => {
    expect(turnsAsFacts(turns)).toMatchObject([{ content: 'I moved from Oslo to Bergen.', turn: 3 }]);
  });
});

describe('findPii', () => {
  it.each([
    ['Mail ada.l+x@mail.example.org', ['email']],
    ['Call +47 22 33 44 55 or 030 1234567', ['phone']],
    ['DE89 3704 0044 0532 0130 00', ['iban']],
    ['4111 1111 1111 1111', ['card']],
    ['On 2026-05-01 at 10:00 there were 1,000,000 of 2048 MB', []],
  ])('tells what is in %j', (text, tags) => {
    expect(findPii(text)).toEqual(tags);
  });
});
