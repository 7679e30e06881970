import type { TroupeEvent } from '../../clients/typescript/src/index.js';

export interface Usage {
  readonly provider_id: string;
  readonly model: string;
  readonly input_tokens?: number;
  readonly output_tokens?: number;
}

export interface NodeOutput {
  readonly text?: string;
  readonly duration_ms?: number;
  readonly usage?: Usage;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
}

export interface NodeProgress {
  readonly id: string;
  status: 'pending' | 'running' | 'retrying' | 'waiting' | 'skipped' | 'completed' | 'failed';
  /** On the clock of `apply`. */
  sinceMs: number;
  /** What was streamed so far. */
  text: string;
  reason?: string | undefined;
  output?: NodeOutput;
}

export interface RunEnd {
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly outputs: Readonly<Record<string, NodeOutput>>;
  readonly error?: Failure;
  /** From the first event to the last, by the server's clock. */
  readonly durationMs: number;
}

const ENDS = {
  'execution.completed': 'completed',
  'execution.failed': 'failed',
  'execution.cancelled': 'cancelled',
} as const;
type EndEvent = TroupeEvent<keyof typeof ENDS>;

/** What is known of a run from its events. */
export class RunProgress {
  readonly nodes: ReadonlyMap<string, NodeProgress>;
  end: RunEnd | undefined;
  private startedAtMs = 0;

  constructor(nodeIds: readonly string[]) {
    this.nodes = new Map(nodeIds.map((id) => [id, { id, status: 'pending', sinceMs: 0, text: '' }]));
  }

  /** @returns the node that the event is about, undefined when it is about none */
  apply(event: TroupeEvent, nowMs: number): NodeProgress | undefined {
    if (event.type === 'execution.started') this.startedAtMs = Date.parse(event.at ?? '');
    if (isEnd(event)) this.finish(event);
    const node = this.nodes.get(nodeOf(event));
    if (node) applyToNode(node, event, nowMs);
    return node;
  }

  private finish(event: EndEvent): void {
    const { data, at, type } = event;
    this.end = {
      status: ENDS[type],
      outputs: ('outputs' in data ? (data.outputs ?? {}) : {}) as RunEnd['outputs'],
      ...('error' in data && { error: data.error }),
      durationMs: Date.parse(at ?? '') - this.startedAtMs,
    };
  }
}

function isEnd(event: TroupeEvent): event is EndEvent {
  return event.type in ENDS;
}

function nodeOf(event: TroupeEvent): string {
  if (event.type === 'agent.token') return event.data.step.replace(/^node:/, '');
  const isOfNode =
    event.type === 'execution.node.status' ||
    event.type === 'execution.node.completed' ||
    event.type === 'execution.node.failed';
  return isOfNode ? event.data.node_id : '';
}

function applyToNode(node: NodeProgress, event: TroupeEvent, nowMs: number): void {
  if (event.type === 'agent.token') return applyChunk(node, event.data.offset, event.data.text);
  if (event.type === 'execution.node.status') {
    node.status = event.data.status;
    node.reason = event.data.reason;
    node.text = '';
  } else if (event.type === 'execution.node.completed') {
    node.status = 'completed';
    // What the flow's nodes give: `{ text?, usage?, … }`.
    node.output = event.data.output as NodeOutput;
  } else if (event.type === 'execution.node.failed') {
    node.status = 'failed';
    node.reason = `${event.data.error.code}: ${event.data.error.message}`;
  } else return;
  node.sinceMs = nowMs;
}

/** Chunks of a step begin at 0 again when it is tried again; what overlaps was there before. */
function applyChunk(node: NodeProgress, offset: number, text: string): void {
  if (offset <= node.text.length) node.text = node.text.slice(0, offset) + text;
}
