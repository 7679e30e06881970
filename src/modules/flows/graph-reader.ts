import { Injectable } from '@nestjs/common';
import { FlowInvalidError } from './flows.errors.js';
import { executablePart, type FlowGraph, type FlowInputs, type GraphFault } from './graph/flow-graph.js';
import { parseGraph, parseInputs, type ParsedGraph, wholeGraph } from './graph/parse-graph.js';
import { validateGraph } from './graph/validate-graph.js';
import { ExecutorRegistry } from './program/executor-registry.js';

/** A graph as a client sends it. */
export interface RawGraph {
  readonly nodes?: readonly unknown[] | undefined;
  readonly edges?: readonly unknown[] | undefined;
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
}

export interface RunnableGraph extends FlowGraph {
  readonly inputs: FlowInputs;
}

/** Reads graphs with the types of node that this process knows. */
@Injectable()
export class GraphReader {
  constructor(private readonly registry: ExecutorRegistry) {}

  /**
   * For saving: what is drawn may be unfinished, but it must be nodes and edges.
   * @throws {FlowInvalidError}
   */
  read(raw: RawGraph): FlowGraph {
    const parsed = this.parse(raw);
    if (parsed.faults.length > 0) throw new FlowInvalidError(parsed.faults);
    return wholeGraph(parsed);
  }

  /** Every fault that would keep it from running. */
  findFaults(raw: RawGraph): readonly GraphFault[] {
    return this.examine(raw).faults;
  }

  /**
   * For running: the part that is executed.
   * @throws {FlowInvalidError} with every fault
   */
  readRunnable(raw: RawGraph): RunnableGraph {
    const { parsed, inputs, faults } = this.examine(raw);
    if (faults.length > 0) throw new FlowInvalidError(faults);
    return { ...executablePart(wholeGraph(parsed)), inputs };
  }

  private examine(raw: RawGraph) {
    const parsed = this.parse(raw);
    const { inputs, faults } = parseInputs(raw.inputs ?? {});
    const found = validateGraph(parsed, inputs, (type) => this.registry.find(type)?.component);
    return { parsed, inputs, faults: [...found, ...faults] };
  }

  private parse({ nodes = [], edges = [] }: RawGraph): ParsedGraph {
    return parseGraph(nodes, edges, (type) => this.registry.find(type) !== undefined);
  }
}
