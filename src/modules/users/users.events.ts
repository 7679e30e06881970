import { z } from 'zod';
import type { EventDefinitions } from '../streams/event-definition.js';

export const USER_EVENTS: EventDefinitions = {
  'user.registered': {
    streams: ['user'],
    description: 'An account was created',
    data: z.object({ user_id: z.string().meta({ format: 'uuid' }), username: z.string() }),
  },
};
