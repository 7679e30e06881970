import { Injectable } from '@nestjs/common';
import { answerOf, builtIn, objectOf, text, wholeNumber } from '../../tools/built-in/built-in.js';
import { Tool } from '../../tools/tool.decorator.js';
import type { CallableTool, ToolAnswer, ToolCallContext } from '../../tools/tool.js';
import { assertReach } from '../../tools/tool-permissions.js';
import { MemoryConfig } from '../../../config/config.js';
import { mayShow } from '../recall/pii-rule.js';
import { MEMORY_KINDS, type MemoryKind } from '../memory-kind.js';
import type { MemoryHit } from '../search/rank-items.js';
import { MemorySearch } from '../search/memory-search.service.js';
import { inMemory, namespaceOf } from './memory-scope.js';

const MAX_QUESTION = 2_000;
const MAX_HITS = 50;
const STANDARD_HITS = 10;

interface Wish {
  readonly query?: string;
  readonly kind?: MemoryKind;
  readonly limit?: number;
}

/** Looks in the memory of the project that the call is in, or of the person it is made for. */
@Injectable()
@Tool({})
export class MemorySearchTool implements CallableTool {
  readonly manifest = builtIn({
    name: 'memory_search',
    description:
      'Finds what is remembered that answers a question, the best first. Ask in whole sentences, or by words.',
    permissions: ['memory:read'],
    inputSchema: objectOf(
      {
        query: text('What you want to know.', MAX_QUESTION, { minLength: 1 }),
        kind: { type: 'string', enum: [...MEMORY_KINDS], description: 'Only items of this kind.' },
        limit: wholeNumber('Items that are answered.', 1, MAX_HITS, STANDARD_HITS),
      },
      ['query'],
    ),
    outputSchema: answerOf({
      items: {
        type: 'array',
        items: answerOf({
          id: { type: 'string' },
          kind: { type: 'string' },
          content: { type: 'string' },
          speaker: { type: ['string', 'null'] },
          at: { type: 'string' },
          score: { type: 'number' },
        }),
      },
    }),
  });

  constructor(
    private readonly memory: MemorySearch,
    private readonly config: MemoryConfig,
  ) {}

  call({ query = '', kind, limit = STANDARD_HITS }: Wish, context: ToolCallContext): Promise<ToolAnswer> {
    assertReach(context, 'memory:read');
    return inMemory(context, async () => {
      const wish = { q: query, kind, limit, namespace: namespaceOf(context) };
      const hits = await this.memory.search(context.ownerId, wish);
      // Outside of runs, people call it.
      const mayBeShown = ({ item }: MemoryHit) =>
        context.runId === null || mayShow(item, context, this.config.piiToModels);
      return { items: hits.filter(mayBeShown).map(shown) };
    });
  }
}

function shown({ item, score }: MemoryHit) {
  const { id, kind, content, speaker, saidAt, createdAt } = item;
  return { id, kind, content, speaker, at: (saidAt ?? createdAt).toISOString(), score };
}
