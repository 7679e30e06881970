import { z } from 'zod';
import type { EventDefinition, EventDefinitions } from '../streams/event-definition.js';

const id = z.string().meta({ format: 'uuid' });
const message = z.object({
  id,
  group_id: id,
  turn_id: id.nullable(),
  run_id: id.nullable(),
  sender: z.object({
    kind: z.enum(['user', 'agent', 'tool', 'system']),
    alias: z.string(),
    user_id: id.optional(),
    member_id: id.optional(),
  }),
  content: z.string(),
  mentions: z.array(z.string()),
  parent_message_id: id.nullable(),
  usage: z.object({ input_tokens: z.int().min(0), output_tokens: z.int().min(0) }).nullable(),
  created_at: z.string().meta({ format: 'date-time' }),
});
const member = z.object({
  id,
  kind: z.enum(['agent', 'user']),
  alias: z.string(),
  is_orchestrator: z.boolean(),
  user_id: id.nullable(),
  role: z.enum(['owner', 'member', 'viewer']).nullable(),
  agent_id: id.nullable(),
  named_by: id.optional().describe('Who gave it its alias'),
});

function ofGroup(description: string, fields: z.ZodRawShape): EventDefinition {
  return { streams: ['group'], description, data: z.object({ group_id: id, ...fields }) };
}

/** What groups tell of in their streams. */
export const GROUP_EVENTS: EventDefinitions = {
  'group.message': { streams: ['group'], description: 'Somebody has said something', data: message },
  'group.routed': ofGroup('It is settled who speaks next', {
    turn_id: id,
    round: z.int().min(1),
    rule: z.enum([
      'turn_limit',
      'no_messages',
      'system_error',
      'task_complete',
      'tool_calls',
      'mentions',
      'to_orchestrator',
      'no_command',
    ]),
    actors: z.array(z.string()).describe('Aliases; nobody when the turn ends'),
    refused: z.array(z.object({ alias: z.string(), reason: z.enum(['not_a_member', 'not_an_agent', 'oneself']) })),
  }),
  'group.turn.started': ofGroup('The agents have begun to answer a message', { turn_id: id, message_id: id }),
  'group.turn.completed': ofGroup('The turn is over, well or badly', {
    turn_id: id,
    reason: z.string().describe('The rule that ended it, or stopped, interrupted, cancelled, failed'),
    rounds: z.int().min(0),
  }),
  'group.member.added': ofGroup('Somebody has joined', { member }),
  'group.member.changed': ofGroup('A member is another now', { member }),
  'group.member.removed': ofGroup('Somebody has left', { member }),
};
