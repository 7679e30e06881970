import { RecordedFailure, type RunContext, type StepOptions } from '../../../engine/index.js';
import { type CompiledGraph, compileGraph } from '../graph/compiled-graph.js';
import { type FlowNode, withInputs } from '../graph/flow-graph.js';
import { collectInputs, type NodeOutput } from '../graph/node-inputs.js';
import { type NodeSettings, readNodeSettings } from '../graph/node-settings.js';
import { ReadyQueue } from '../graph/ready-queue.js';
import { type EventNode, nodeCompleted, nodeFailed, nodeRetrying, nodeStatus } from './flow-events.js';
import { outcomeOf, outputNodesOf } from './flow-outcome.js';
import type { FailedNode, FlowRunInput, FlowRunOutput } from './flow-run.js';
import { executeTimed, type FindExecutor, type NodeExecutor } from './node-executor.js';

/** A model call that says a little now and then is still given up after this. */
const LLM_TIMEOUT_MS = 600_000;
const LLM_ATTEMPTS = 4;

/** One run of a flow: each node a step, started as soon as all above it have ended. */
export class FlowRun {
  private readonly graph: CompiledGraph;
  private readonly queue: ReadyQueue;
  private readonly outputs: Array<NodeOutput | undefined> = [];
  private readonly failed: FailedNode[] = [];

  constructor(
    private readonly ctx: RunContext,
    private readonly input: FlowRunInput,
    private readonly findExecutor: FindExecutor,
  ) {
    this.graph = compileGraph(withInputs(input, input.inputs ?? {}));
    this.queue = new ReadyQueue(this.graph, input.max_parallel_nodes ?? Infinity);
  }

  /** @throws {RunFailure} when no output was reached */
  async run(): Promise<FlowRunOutput> {
    await this.startReady();
    const outputNodes = outputNodesOf(this.graph, (type) => this.findExecutor(type).component.category === 'output');
    return outcomeOf(this.graph, outputNodes, (index) => this.outputs[index], this.failed);
  }

  /** Ends when all nodes that this call set off, directly or not, have ended. */
  private async startReady(): Promise<void> {
    const { started, held } = this.queue.take();
    for (const index of held) this.announce(index, 'pending');
    await Promise.all(started.map((index) => this.runNode(index)));
  }

  private async runNode(index: number): Promise<void> {
    this.announce(index, 'running');
    try {
      this.outputs[index] = await this.execute(index);
      this.queue.complete(index);
    } catch (error) {
      if (!(error instanceof RecordedFailure)) throw error;
      this.failNode(index, error);
    }
    await this.startReady();
  }

  private execute(index: number): Promise<NodeOutput> {
    const node = this.nodeAt(index);
    const executor = this.findExecutor(node.type);
    const settings = readNodeSettings(node.data);
    const work = {
      nodeId: node.id,
      data: node.data,
      settings,
      inputs: collectInputs(this.graph, index, (source) => this.outputs[source]),
      flowProviderId: this.input.provider_id,
    };
    const options = stepOptions(executor, settings, this.eventNode(index));
    return this.ctx.step(`node:${node.id}`, (step) => executeTimed(executor, work, step), options);
  }

  private failNode(index: number, { info }: RecordedFailure): void {
    const { id } = this.nodeAt(index);
    this.failed.push({ node_id: id, error: info });
    const reason = `upstream ${id} failed`;
    for (const { node } of this.queue.fail(index)) this.announce(node, 'skipped', { reason });
  }

  private announce(index: number, status: 'pending' | 'running' | 'skipped', more?: Readonly<Record<string, unknown>>) {
    const node = this.eventNode(index);
    this.ctx.emit(`${status}:${node.nodeId}`, nodeStatus(node, status, more));
  }

  private eventNode(index: number): EventNode {
    return { runId: this.ctx.runId, nodeId: this.nodeAt(index).id, level: this.graph.levels[index] ?? 0 };
  }

  private nodeAt(index: number): FlowNode {
    const node = this.graph.nodes[index];
    if (!node) throw new RangeError(`There is no node at ${index}`);
    return node;
  }
}

function stepOptions({ component }: NodeExecutor, settings: NodeSettings, node: EventNode): StepOptions<NodeOutput> {
  const timeoutMs = settings.timeoutMs ?? (component.usesLlm ? LLM_TIMEOUT_MS : undefined);
  const maxAttempts = settings.retry?.attempts ?? (component.usesLlm ? LLM_ATTEMPTS : 1);
  const baseDelayMs = settings.retry?.backoffMs;
  return {
    ...(timeoutMs !== undefined && { timeoutMs }),
    retry: { maxAttempts, ...(baseDelayMs !== undefined && { baseDelayMs }) },
    completed: (output) => nodeCompleted(node, output),
    failed: (failure) => nodeFailed(node, failure),
    retrying: (failure, info) => nodeRetrying(node, failure, info),
  };
}
