import { z } from 'zod';
import type { EventDefinition, EventDefinitions } from '../../streams/event-definition.js';

const stream = z.string().describe('As in run:<uuid>');
const seq = z.int().min(1);

function ofConnection(description: string, data: z.ZodRawShape): EventDefinition {
  return { streams: [], description, data: z.object(data) };
}

/** What the server says to one connection. None of it is numbered or kept. */
export const CONNECTION_EVENTS: EventDefinitions = {
  'connection.ready': ofConnection('The socket is signed in', {
    user_id: z.string().meta({ format: 'uuid' }),
    session_id: z.string().meta({ format: 'uuid' }),
  }),
  'connection.closing': ofConnection('The server goes away: connect again and go on by `after`', {
    reason: z.literal('draining'),
  }),
  pong: ofConnection('Answers `ping`', {}),
  'auth.expired': ofConnection('The token has expired or its session was ended; the connection closes', {
    reason: z.enum(['expired', 'revoked']),
  }),
  'stream.gap': ofConnection('Retention took these events before they could be read', { stream, from: seq, to: seq }),
  'stream.revoked': ofConnection('The stream may no longer be read; nothing more of it comes', { stream }),
  'stream.slow': ofConnection('The socket reads too slowly and is disconnected: go on by `after`', {
    limit_bytes: z.int(),
  }),
};
