import { DATA_RULE, dataBlock } from '../../providers/data-block.js';
import type { ModelRequest } from '../../providers/model-provider.js';
import type { ExtractInput, KnownItem, SaidTurn } from './extract-job.js';

const MAX_OUTPUT_TOKENS = 2_000;
/** Of one message; the rest is left out. */
const MAX_TURN_CHARS = 12_000;
const MAX_KNOWN_CHARS = 500;
export const MAX_FACTS = 20;

const TASK = `You keep the memory of an assistant. From the new turns of a conversation, take what is worth knowing in \
other conversations: facts about people and things, preferences, plans, decisions. Each is one sentence that can be \
understood by itself: names in place of pronouns, dates in place of "tomorrow". Leave out small talk, questions, what \
anybody knows, and what is known already. When something known no longer holds because of a new fact, give its number \
in "replaces" of that fact. "pii" names the personal data it has, such as "name", "email", "health". "importance" is 0 \
to 1. Take at most ${MAX_FACTS}; often there is nothing: then "facts" is empty.`;

const strings = { type: 'array', items: { type: 'string' } };
const FACT = {
  type: 'object',
  properties: {
    content: { type: 'string', description: 'One sentence.' },
    turn: { type: 'integer', description: 'The number of the turn that says it.' },
    tags: strings,
    pii: strings,
    importance: { type: 'number' },
    replaces: { type: 'array', items: { type: 'integer' } },
  },
  required: ['content', 'turn', 'tags', 'pii', 'importance', 'replaces'],
  additionalProperties: false,
};
const SCHEMA = {
  type: 'object',
  properties: { facts: { type: 'array', items: FACT } },
  required: ['facts'],
  additionalProperties: false,
};

/** Asks a model what of a conversation is worth remembering. Pure. */
export function extractionRequest(
  { before, turns }: Pick<ExtractInput, 'before' | 'turns'>,
  known: readonly KnownItem[],
): Omit<ModelRequest, 'model'> {
  const numbered = known.map(
    ({ content, at }, index) => `${index + 1}. (${at}) ${content.slice(0, MAX_KNOWN_CHARS).toWellFormed()}`,
  );
  const blocks = [
    ...(numbered.length > 0 ? [dataBlock('known already', numbered.join('\n'))] : []),
    ...(before.length > 0 ? [dataBlock('said before', before.map(shown).join('\n\n'))] : []),
    dataBlock('new turns', turns.map(shown).join('\n\n')),
  ];
  return {
    messages: [
      { role: 'system', content: `${TASK}\n\n${DATA_RULE}` },
      { role: 'user', content: blocks.join('\n\n') },
    ],
    temperature: 0,
    maxOutputTokens: MAX_OUTPUT_TOKENS,
    outputSchema: { name: 'memory', schema: SCHEMA },
  };
}

function shown({ turn, speaker, at, content }: SaidTurn): string {
  return `[turn ${turn}] ${speaker} (${at}): ${content.slice(0, MAX_TURN_CHARS).toWellFormed()}`;
}
