import type { FailureInfo } from '../../../engine/index.js';
import type { FlowEdge, FlowInputs, FlowNode } from '../graph/flow-graph.js';
import type { NodeOutput } from '../graph/node-inputs.js';

export const FLOW_KIND = 'flow';

/** What a flow run is started with: a valid graph, whole, so that later changes of the flow do not reach it. */
export interface FlowRunInput {
  readonly nodes: readonly FlowNode[];
  readonly edges: readonly FlowEdge[];
  readonly inputs?: FlowInputs;
  readonly provider_id?: string;
  readonly max_parallel_nodes?: number;
}

export interface FailedNode {
  readonly node_id: string;
  readonly error: FailureInfo;
}

export interface FlowRunOutput {
  readonly outputs: Readonly<Record<string, NodeOutput>>;
  readonly failed_nodes: readonly FailedNode[];
}
