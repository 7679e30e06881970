import { describe, expect, it } from 'vitest';
import { aliasFor } from './aliases.js';
import { aliasKey, mentionsIn } from './mentions.js';
import { route, type RoutedMessage, type RoutingInput } from './router.js';

const LEAD = { alias: 'Orchestrator', kind: 'agent', is_orchestrator: true } as const;
const ADA = { alias: 'Ada', kind: 'agent', is_orchestrator: false } as const;
const BOB = { alias: 'Bob B.', kind: 'agent', is_orchestrator: false } as const;
const EVE = { alias: 'Eve', kind: 'user', is_orchestrator: false } as const;

const START = { round: 1, max_rounds: 20, policy: 'orchestrated', members: [LEAD, ADA, BOB, EVE], notes: {} } as const;

function asked(messages: readonly RoutedMessage[], more: Partial<RoutingInput> = {}) {
  const { rule, actors } = route({ ...START, messages, ...more });
  return [rule, ...actors];
}
const by = (alias: string, text: string, more: Partial<RoutedMessage> = {}): RoutedMessage => ({
  kind: alias === 'Eve' ? 'user' : 'agent',
  alias,
  text,
  ...more,
});

describe('mentions', () => {
  it('are what stands in the brackets, each once, whatever the case', () => {
    expect(mentionsIn('@[Ada] and @[ada], @[Bob B.]; not @Ada, @[], @[a[b]')).toEqual(['Ada', 'Bob B.']);
  });
});

describe('mentions of nobody', () => {
  it('are told of by a few, however many there are', () => {
    const text = `${Array.from({ length: 5_000 }, (_, index) => `@[x${index}]`).join('')}@[Ada]`;
    const { refused, notes, actors } = route({ ...START, messages: [by('Eve', text)] });
    expect([refused.length, notes, actors]).toEqual([50, [{ to: 'Eve', aliases: ['x0', 'x1', 'x2'] }], ['Ada']]);
  });
});

describe('aliasFor', () => {
  it('makes an alias of any user name, and another where it is taken or reserved', () => {
    expect(aliasFor('zoë', new Set())).toBe('zoe');
    expect(aliasFor('李', new Set(['member']))).toBe('Member 2');
    expect(aliasFor('User', new Set())).toBe('User 2');
  });
});

describe('route', () => {
  it.each([
    ['ends at the limit', asked([by('Eve', 'Hi')], { round: 21 }), ['turn_limit']],
    ['begins with the Orchestrator', asked([]), ['no_messages', 'Orchestrator']],
    [
      'tells it of failures',
      asked([by('Ada', '', { kind: 'failure' }), by('Bob B.', 'x')]),
      ['system_error', 'Orchestrator'],
    ],
    ['ends when it fails itself', asked([by('Orchestrator', '', { kind: 'failure' })]), ['system_error']],
    ['ends by its word', asked([by('Orchestrator', '@[Ada] TASK_COMPLETE')]), ['task_complete']],
    ['and by its alone', asked([by('Ada', 'TASK_COMPLETE')]), ['to_orchestrator', 'Orchestrator']],
    ['gives results to the caller', asked([by('Ada', '@[Bob B.]', { tool_calls: 2 })]), ['tool_calls', 'Ada']],
    ['asks the mentioned', asked([by('Eve', '@[BOB B.] @[ada] @[eve]')]), ['mentions', 'Bob B.', 'Ada']],
    ['minus the sender', asked([by('Ada', '@[Ada] @[Bob B.]')]), ['mentions', 'Bob B.']],
    ['else the Orchestrator', asked([by('Eve', '@[Zed] hello')]), ['to_orchestrator', 'Orchestrator']],
    ['ends when it answers', asked([by('Orchestrator', 'Hello @[Eve]')]), ['no_command']],
    ['corrects unknown names', asked([by('Orchestrator', '@[Zed]')]), ['mentions', 'Orchestrator']],
    ['not for ever', asked([by('Orchestrator', '@[Zed]')], { notes: { orchestrator: 2 } }), ['no_command']],
    [
      'is direct with one agent',
      asked([by('Eve', 'Hi')], { policy: 'direct', members: [LEAD, ADA, EVE] }),
      ['to_orchestrator', 'Ada'],
    ],
    ['whose answer ends it', asked([by('Ada', 'Hi')], { policy: 'direct', members: [LEAD, ADA, EVE] }), ['no_command']],
    ['not with two', asked([by('Eve', 'Hi')], { policy: 'direct' }), ['to_orchestrator', 'Orchestrator']],
  ])('%s', (_, decision, expected) => {
    expect(decision).toEqual(expected);
  });
});

/** Numbers from a seed, so that a failure comes again. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) yield (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
}

describe('any conversation', () => {
  const words = ['@[Ada]', '@[bob b.]', '@[Orchestrator]', '@[Zed]', '@[Eve]', 'TASK_COMPLETE', 'well', '@[', ''];

  it.each(Array.from({ length: 200 }, (_, seed) => seed))(
    'ends, among members only, and alike when it is replayed (%i)',
    (seed) => {
      const random = numbers(seed + 1);
      const pick = <T>(from: readonly T[]): T => from[random.next().value % from.length] as T; // never empty
      const members = [LEAD, ADA, BOB, EVE].filter((member) => member === LEAD || pick([true, true, false]));
      const speak = (alias: string): RoutedMessage =>
        pick([1, 2, 3, 4, 5, 6]) === 1
          ? by(alias, '', { kind: 'failure' })
          : by(alias, `${pick(words)} ${pick(words)}`);
      const notes: Record<string, number> = {};
      let messages = [by('Eve', pick(words))];
      const most = 1 + pick([0, 4, 19]);
      for (let round = 1; ; round += 1) {
        const policy = pick(['direct', 'orchestrated'] as const);
        const input = { round, max_rounds: most, policy, members, messages, notes: { ...notes } };
        const decision = route(input);
        expect(route(structuredClone(input))).toEqual(decision);
        const agents = members.filter(({ kind }) => kind === 'agent').map(({ alias }) => alias);
        expect(agents).toEqual(expect.arrayContaining([...decision.actors]));
        expect(new Set(decision.actors).size).toBe(decision.actors.length);
        expect(round).toBeLessThanOrEqual(most + 1);
        for (const { to } of decision.notes) notes[aliasKey(to)] = (notes[aliasKey(to)] ?? 0) + 1;
        expect(Math.max(0, ...Object.values(notes))).toBeLessThanOrEqual(2);
        if (decision.ends) break;
        expect(decision.actors.length).toBeGreaterThan(0);
        messages = decision.actors.map(speak);
      }
    },
  );
});
