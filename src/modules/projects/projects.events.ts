import { z } from 'zod';
import type { EventDefinitions } from '../streams/event-definition.js';

const id = z.string().meta({ format: 'uuid' });

export const PROJECT_EVENTS: EventDefinitions = {
  'project.created': {
    streams: ['project'],
    description: 'First event of a project',
    data: z.object({ project_id: id, name: z.string() }),
  },
  'project.deleted': {
    streams: ['project'],
    description: 'Last event of a project: it is gone, with all that was in it',
    data: z.object({ project_id: id }),
  },
};
