import type { StepOptions } from '../../../engine/index.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import type { NodeSettings } from '../graph/node-settings.js';
import { type EventNode, nodeCompleted, nodeFailed, nodeRetrying } from './flow-events.js';
import type { NodeExecutor } from './node-executor.js';

/** A model call that says a little now and then is still given up after this. */
const LLM_TIMEOUT_MS = 600_000;
const LLM_ATTEMPTS = 4;

/** Under which a node's output stands in the journal of its run. */
export function nodeStepKey(nodeId: string): string {
  return `node:${nodeId}`;
}

/** How the step of a node is tried, and which events tell of it. A time limit of a wait is the wait's own. */
export function nodeStepOptions(
  executor: NodeExecutor,
  settings: NodeSettings,
  node: EventNode,
): StepOptions<NodeOutput> {
  const { component } = executor;
  const callsOut = component.usesLlm || component.providerType !== 'none';
  const timeoutMs = executor.awaitBefore ? undefined : (settings.timeoutMs ?? (callsOut ? LLM_TIMEOUT_MS : undefined));
  const maxAttempts = settings.retry?.attempts ?? (callsOut ? LLM_ATTEMPTS : 1);
  const baseDelayMs = settings.retry?.backoffMs;
  return {
    ...(timeoutMs !== undefined && { timeoutMs }),
    retry: { maxAttempts, ...(baseDelayMs !== undefined && { baseDelayMs }) },
    completed: (output) => nodeCompleted(node, output),
    failed: (failure) => nodeFailed(node, failure),
    retrying: (failure, info) => nodeRetrying(node, failure, info),
  };
}
