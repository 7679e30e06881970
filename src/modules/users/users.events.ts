import { z } from 'zod';
import type { EventDefinitions } from '../streams/event-definition.js';

const id = z.string().meta({ format: 'uuid' });

export const USER_EVENTS: EventDefinitions = {
  'user.registered': {
    streams: ['user'],
    description: 'An account was created',
    data: z.object({ user_id: id, username: z.string() }),
  },
  'user.deactivated': {
    streams: ['user'],
    description: 'An operator has shut the user out; all sessions end',
    data: z.object({ user_id: id }),
  },
  'system.notification': {
    streams: ['user'],
    description: 'Word from the operators, to one user or to all',
    data: z.object({
      notification_id: id,
      level: z.enum(['info', 'warning', 'critical']),
      title: z.string(),
      message: z.string(),
    }),
  },
};
