import { Injectable } from '@nestjs/common';
import { dataPath } from './graph/field-faults.js';
import { type FlowInputs, type FlowNode, type GraphFault, laidOver, type ResolvedNodes } from './graph/flow-graph.js';
import type { ParsedGraph } from './graph/parse-graph.js';
import { ExecutorRegistry } from './program/executor-registry.js';
import type { FlowScope, ResolvedData } from './program/node-executor.js';

interface PlacedNode {
  readonly node: FlowNode;
  readonly index: number;
}

/** Looks up what nodes refer to: stored characters, other flows. */
@Injectable()
export class NodeResolver {
  constructor(private readonly registry: ExecutorRegistry) {}

  /** One look-up for all nodes of a type. */
  async resolve(
    parsed: ParsedGraph,
    inputs: FlowInputs,
    scope: FlowScope,
  ): Promise<{ readonly resolved: ResolvedNodes; readonly faults: readonly GraphFault[] }> {
    const resolved = new Map<string, Readonly<Record<string, unknown>>>();
    const faults: GraphFault[] = [];
    for (const [type, placed] of byType(parsed)) {
      const nodes = placed.map(({ node }) => ({ ...node, data: laidOver(node, inputs) }));
      const results = (await this.registry.find(type)?.resolve?.(nodes, scope)) ?? [];
      for (const [at, { node, index }] of placed.entries()) {
        const result = results[at];
        if (result && 'data' in result) resolved.set(node.id, result.data);
        else if (result) faults.push(faultOf(node, index, inputs, result));
      }
    }
    return { resolved, faults };
  }
}

function byType({ nodes }: ParsedGraph): Map<string, PlacedNode[]> {
  const placed = nodes.flatMap((node, index) => (node ? [{ node, index }] : []));
  return Map.groupBy(placed, ({ node }) => node.type);
}

type Unresolved = Exclude<ResolvedData, { readonly data: unknown }>;

function faultOf(node: FlowNode, index: number, inputs: FlowInputs, { field, code, message }: Unresolved): GraphFault {
  return { path: dataPath(node, `/nodes/${index}`, field, inputs), code, message, node_id: node.id, field };
}
