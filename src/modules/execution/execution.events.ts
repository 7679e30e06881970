import { z } from 'zod';
import type { EventDefinition, EventDefinitions } from '../streams/event-definition.js';

const id = z.string().meta({ format: 'uuid' });
const error = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
});
const attempt = z.int().min(1).describe('Counted from 1');
const step = { key: z.string().describe('Unique within the run'), attempt };
const usage = z.record(z.string(), z.unknown());
const nodeError = z.object({ node_id: z.string(), error });

function ofRun(description: string, fields: z.ZodRawShape): EventDefinition {
  return { streams: ['run'], description, data: z.object({ run_id: id, ...fields }) };
}

function inSharedToo(description: string, fields: z.ZodRawShape): EventDefinition {
  return { ...ofRun(description, fields), streams: ['run', 'group', 'project'] };
}

/** What happens in the stream of a run of any kind. */
export const EXECUTION_EVENTS: EventDefinitions = {
  'execution.started': ofRun('A worker has begun the run. Seq 1 of its stream', {}),
  'execution.claimed': ofRun('Another worker has taken the run over after a crash', { epoch: z.int().min(1) }),
  'execution.paused': ofRun('No step is under way and none begins until the run is resumed', {}),
  'execution.resumed': ofRun('The run goes on after a pause', {}),
  'execution.completed': ofRun('Last event of a run that reached its end', {
    outputs: z.record(z.string(), z.unknown()).optional().describe('Of flows: by node id'),
    failed_nodes: z.array(nodeError).optional().describe('Of flows: nodes that failed all the same'),
    output: z.unknown().optional().describe('Of all other kinds'),
    structured: z.unknown().optional().describe('Of agents with an output schema'),
    truncated: z.literal(true).optional().describe('Of agents whose last answer was cut'),
  }),
  'execution.failed': ofRun('Last event of a run that failed', { error, failed_nodes: z.array(nodeError).optional() }),
  'execution.cancelled': ofRun('Last event of a run that was cancelled', { reason: z.string().optional() }),
  'execution.step.started': ofRun('A step that must not be repeated silently has begun', step),
  'execution.step.completed': ofRun('A step without an event of its own has ended well', {
    ...step,
    duration_ms: z.number().min(0),
  }),
  'execution.step.failed': ofRun('A step has used up its attempts, or cannot succeed', { ...step, error }),
  'execution.step.retrying': ofRun('An attempt has failed; another follows', {
    ...step,
    delay_ms: z.number().min(0),
    error,
  }),
  'execution.step.held': ofRun('A step may not go on now: the run pauses with its tree, and the step begins again', {
    ...step,
    error,
  }),
  'execution.node.status': ofRun('A node of a flow is somewhere on its way', {
    node_id: z.string(),
    status: z.enum(['pending', 'running', 'retrying', 'waiting', 'skipped']),
    reason: z.string().optional(),
    level: z.int().min(0).optional(),
    attempt: attempt.optional().describe('The attempt that failed'),
    delay_ms: z.number().min(0).optional(),
    child_run_id: id.optional().describe('Of a sub-flow: its run, with a stream of its own'),
  }),
  'execution.node.completed': ofRun('A node of a flow has its output', {
    node_id: z.string(),
    output: z.record(z.string(), z.unknown()),
    cached: z.boolean().optional().describe('True when the output was taken over instead of made'),
    from_run_id: id.optional().describe('Of an output that was taken over: the run that made it'),
    duration_ms: z.number().min(0).optional(),
    usage: usage.optional(),
  }),
  'execution.node.failed': ofRun('A node of a flow has failed; what depends on it is skipped', {
    node_id: z.string(),
    error,
  }),
  'approval.requested': ofRun('The run waits for `POST /runs/{id}/signals/{key}`', {
    key: z.string(),
    prompt: z.string(),
    options: z.array(z.string()),
    expires_at: z.iso.datetime().optional(),
    node_id: z.string().optional().describe('Of flows'),
    text: z.unknown().optional().describe('What is to be approved'),
    tool: z.string().optional().describe('Of agents: the tool that is to be called'),
    arguments: z.unknown().optional().describe('Of agents: with what it is to be called'),
  }),
  'approval.resolved': ofRun('Somebody has decided', {
    key: z.string(),
    decision: z.string(),
    data: z.unknown().optional(),
  }),
  'agent.token': inSharedToo(
    'A piece of text of a step in progress. Not numbered, and not kept once the step has ended',
    {
      step: z.string(),
      attempt: attempt.describe('A new attempt starts at offset 0 again'),
      offset: z.int().min(0).describe('In UTF-16 code units from the start of the attempt'),
      text: z.string(),
      turn_id: z.string().optional().describe('In the stream of a group'),
      alias: z.string().optional().describe('In the stream of a group: of the member that speaks'),
      role: z.string().optional().describe('In the stream of a project: the role of the swarm that writes'),
      task_id: z.string().nullable().optional().describe('In the stream of a project: of the plan; null: none of them'),
    },
  ),
};
