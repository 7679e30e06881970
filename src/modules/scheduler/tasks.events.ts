import { z } from 'zod';
import type { EventDefinitions } from '../streams/event-definition.js';

const id = z.string().meta({ format: 'uuid' });
const instant = z.string().meta({ format: 'date-time' });

export const TASK_EVENTS: EventDefinitions = {
  'task.update': {
    streams: ['task', 'user'],
    description:
      'Something happened to a task: it was changed, one of its due instants fired or did not, a run of it ended',
    data: z.object({
      task_id: id,
      name: z.string(),
      named_by: id.optional().describe('Who gave it its name, when that was not its owner'),
      change: z.enum(['created', 'changed', 'paused', 'resumed', 'removed', 'fire', 'settled']),
      status: z.enum(['active', 'paused', 'completed']),
      next_due_at: instant.nullable(),
      fire: z
        .object({
          due_at: instant,
          status: z.enum(['fired', 'skipped', 'missed', 'failed']),
          reason: z.string().optional(),
          run_id: id.optional(),
          run_status: z.enum(['completed', 'failed', 'cancelled', 'retrying']).optional(),
        })
        .optional(),
    }),
  },
};
