import { z } from 'zod';
import type { EventDefinition, EventDefinitions } from '../streams/event-definition.js';

const id = z.string().meta({ format: 'uuid' });
const key = z.string().describe('Of the step, unique within the run');
const tokens = z.int().min(0);
/** Values above 64 KB stand in the journal beside the event. */
const large = z.object({ truncated: z.literal(true), size_bytes: z.int().min(0) });

const error = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
const message = z.object({
  text: z.string(),
  tool_calls: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      arguments: z.string().describe('As the model wrote them: perhaps no JSON'),
      signature: z.string().optional(),
    }),
  ),
  finish_reason: z.enum(['stop', 'length', 'tool_calls']),
  provider_id: z.string(),
  model: z.string(),
  usage: z.object({ input_tokens: tokens, output_tokens: tokens }).nullable(),
  behavior: z
    .object({
      version: z.int().min(0),
      project_version: z.int().min(0),
      system_version: z.int().min(0),
      rules: z.array(id),
    })
    .optional()
    .describe('The rules of behaviour that the model was shown'),
});
const tool_version = z.int().min(1).optional().describe('Of a promoted tool: the version that was in force');
const result = z.union([
  z.object({
    ok: z.literal(true),
    output: z.unknown(),
    artifacts: z.array(z.object({ artifact_id: z.string(), media_type: z.string() })).optional(),
    tool_version,
  }),
  z.object({ ok: z.literal(false), error, tool_version }),
]);
const call = { key, call_id: z.string().describe("The model's own"), tool: z.string() };

function ofRun(description: string, fields: z.ZodRawShape): EventDefinition {
  return { streams: ['run'], description, data: z.object({ run_id: id, ...fields }) };
}

/** What agents tell of in the stream of their run. */
export const AGENT_EVENTS: EventDefinitions = {
  'agent.started': ofRun('An agent has begun: what it has at hand', {
    agent: z.string(),
    agent_id: id.optional(),
    agent_version: z.int().min(1).optional(),
    session_id: id.optional(),
    tools: z.array(z.string()),
    delegates: z.array(z.string()),
    missing_tools: z.array(z.string()).optional().describe('Tools of its definition that are not there any more'),
  }),
  'agent.message': ofRun('The model has answered, with text, calls of tools, or both', {
    key,
    message: z.union([message, large]),
  }),
  'agent.tool.called': ofRun('A tool is about to be called, or the call refused', {
    ...call,
    arguments: z.unknown().describe('What the model wrote, as text when it is no JSON'),
  }),
  'agent.tool.completed': ofRun('What became of the call, as the model is told', {
    ...call,
    result: z.union([result, large]),
  }),
  'agent.delegated': ofRun('Another agent works on a part, in a run of its own', {
    key,
    child_run_id: id.describe('With a stream of its own'),
    agent: z.string(),
  }),
};
