import { z } from 'zod';
import type { EventDefinitions } from '../streams/event-definition.js';
import { MEMORY_KINDS } from './memory-kind.js';
import { NAMESPACE_SCOPES } from './namespace.js';

const namespace = z.object({ scope: z.enum(NAMESPACE_SCOPES), id: z.string().meta({ format: 'uuid' }) });
const id = z.string().meta({ format: 'uuid' });

export const MEMORY_EVENTS: EventDefinitions = {
  'memory.update': {
    streams: ['user'],
    description: 'Something is remembered, was changed or is forgotten',
    data: z.object({
      change: z.enum(['saved', 'changed', 'removed']),
      items: z.array(
        z.object({
          id,
          kind: z.enum(MEMORY_KINDS),
          namespace,
        }),
      ),
    }),
  },
  'memory.recalled': {
    streams: ['run'],
    description: 'What of memory the agent is shown, the best match first, with the parts of its score',
    data: z.object({
      run_id: id,
      key: z.string().describe('Of the step'),
      items: z.union([
        z.array(
          z.object({
            id,
            kind: z.enum(MEMORY_KINDS),
            namespace,
            content: z.string(),
            speaker: z.string().nullable(),
            at: z.string().meta({ format: 'date-time' }).describe('When it was said, else saved'),
            score: z.number(),
            scores: z.record(z.string(), z.number()).describe('`text`, `recency`, `importance`, …'),
          }),
        ),
        z.object({ truncated: z.literal(true), size_bytes: z.int().min(0) }),
      ]),
    }),
  },
};
