import { Injectable } from '@nestjs/common';
import { answerOf, builtIn, objectOf, text } from '../../tools/built-in/built-in.js';
import { Tool } from '../../tools/tool.decorator.js';
import type { CallableTool, ToolAnswer, ToolCallContext } from '../../tools/tool.js';
import { assertReach } from '../../tools/tool-permissions.js';
import { ARTIFACT_NAME, LANGUAGE } from '../dto/solution.dto.js';
import { MemoryItems } from '../items/memory-items.service.js';
import type { Solution } from '../solutions/solution.js';
import { inMemory, namespaceOf } from './memory-scope.js';

const MAX_CONTENT = 20_000;
const MAX_TAGS = 20;
const MAX_TAG = 100;
const MAX_TEXT = 10_000;
const MAX_ARTIFACTS = 5;
const MAX_CODE = 20_000;

const ARTIFACT = objectOf(
  {
    name: { type: 'string', pattern: ARTIFACT_NAME.source, description: 'Such as vat.js.' },
    language: { type: 'string', pattern: LANGUAGE.source },
    content: text('The code itself.', MAX_CODE),
  },
  ['name', 'language', 'content'],
);
const SOLUTION = objectOf(
  {
    problem: text('What was to be solved.', MAX_TEXT, { minLength: 1 }),
    approach: text('What solved it.', MAX_TEXT, { minLength: 1 }),
    artifacts: { type: 'array', maxItems: MAX_ARTIFACTS, items: ARTIFACT, description: 'The code of it.' },
    outcome: text('What came of it.', MAX_TEXT),
  },
  ['problem', 'approach'],
);

interface Wish {
  readonly content?: string;
  readonly tags?: readonly string[];
  readonly importance?: number;
  readonly solution?: Pick<Solution, 'problem' | 'approach'> & Partial<Solution>;
}

/** Keeps something in the memory of the project that the call is in, or of the person it is made for. */
@Injectable()
@Tool({})
export class MemorySaveTool implements CallableTool {
  readonly manifest = builtIn({
    name: 'memory_save',
    description:
      'Remembers something beyond this conversation: one fact, in a sentence that can be understood by itself.',
    permissions: ['memory:write'],
    inputSchema: objectOf(
      {
        content: text('What is to be remembered.', MAX_CONTENT, { minLength: 1 }),
        tags: { type: 'array', maxItems: MAX_TAGS, items: text('By which it is found.', MAX_TAG, { minLength: 1 }) },
        importance: { type: 'number', minimum: 0, maximum: 1, default: 0.5, description: 'Beside other items.' },
        solution: { ...SOLUTION, description: 'Of what solved a problem: kept with its code, to be used again.' },
      },
      ['content'],
    ),
    outputSchema: answerOf({ id: { type: 'string' } }),
  });

  constructor(private readonly items: MemoryItems) {}

  call({ content = '', tags = [], importance, solution }: Wish, context: ToolCallContext): Promise<ToolAnswer> {
    assertReach(context, 'memory:write');
    const { ownerId, runId, idempotencyKey } = context;
    const metadata = { source: 'memory_save', ...(runId !== null && { run_id: runId }) };
    const fields = {
      kind: solution ? 'solution' : 'user_data',
      content,
      tags,
      metadata,
      ...(importance !== undefined && { importance }),
      ...(solution && { solution: { artifacts: [], outcome: '', ...solution } }),
    } as const;
    return inMemory(context, async () => {
      const { item } = await this.items.saveOnce(ownerId, namespaceOf(context), fields, idempotencyKey);
      return { id: item.id };
    });
  }
}
