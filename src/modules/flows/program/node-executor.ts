import type { StepContext } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeInputs, NodeOutput } from '../graph/node-inputs.js';
import type { NodeSettings } from '../graph/node-settings.js';

/** One node to be executed. */
export interface NodeWork {
  readonly nodeId: string;
  /** The node's own data with the run's inputs laid over it; checked against the component's fields. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly settings: NodeSettings;
  readonly inputs: NodeInputs;
  /** The flow's provider, for nodes and types that name none. */
  readonly flowProviderId: string | undefined;
}

/**
 * The code of one type of node, with what the catalogue says about it. Register it by `@NodeExecutor(type)`.
 * `execute` is the work of a step: it may run again after a crash, with the same idempotency key.
 */
export interface NodeExecutor {
  readonly component: ComponentDefinition;
  execute(work: NodeWork, step: StepContext): Promise<NodeOutput>;
}

export type FindExecutor = (type: string) => NodeExecutor;

/** Executes and says how long it took. */
export async function executeTimed(executor: NodeExecutor, work: NodeWork, step: StepContext): Promise<NodeOutput> {
  const startedAt = performance.now();
  const output = await executor.execute(work, step);
  return { ...output, duration_ms: Math.round(performance.now() - startedAt) };
}
