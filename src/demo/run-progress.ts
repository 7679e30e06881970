/** What the server sends over the socket. */
export interface Envelope {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly stream?: string;
  /** Chunks have none. */
  readonly seq?: number;
  readonly at?: string;
}

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
  reason?: string;
  output?: NodeOutput;
}

export interface RunEnd {
  readonly status: 'completed' | 'failed' | 'cancelled';
  readonly outputs: Readonly<Record<string, NodeOutput>>;
  readonly error?: Failure;
  /** From the first event to the last, by the server's clock. */
  readonly durationMs: number;
}

const ENDS = { 'execution.completed': 'completed', 'execution.failed': 'failed', 'execution.cancelled': 'cancelled' };

/** What is known of a run from its events. */
export class RunProgress {
  readonly nodes: ReadonlyMap<string, NodeProgress>;
  lastSeq = 0;
  end: RunEnd | undefined;
  private startedAtMs = 0;

  constructor(nodeIds: readonly string[]) {
    this.nodes = new Map(nodeIds.map((id) => [id, { id, status: 'pending', sinceMs: 0, text: '' }]));
  }

  /** @returns the node that the event is about, undefined when it is about none or came before */
  apply(event: Envelope, nowMs: number): NodeProgress | undefined {
    if (event.seq !== undefined) {
      // After a reconnect some come twice, and some before those they follow: the replay brings these again.
      if (event.seq !== this.lastSeq + 1) return undefined;
      this.lastSeq = event.seq;
    }
    const status = ENDS[event.type as keyof typeof ENDS];
    if (event.type === 'execution.started') this.startedAtMs = Date.parse(event.at ?? '');
    if (status) this.finish(status as RunEnd['status'], event);
    const node = this.nodes.get(nodeOf(event));
    if (node) applyToNode(node, event, nowMs);
    return node;
  }

  private finish(status: RunEnd['status'], { data, at }: Envelope): void {
    this.end = {
      status,
      outputs: (data['outputs'] ?? {}) as RunEnd['outputs'],
      ...(data['error'] !== undefined && { error: data['error'] as Failure }),
      durationMs: Date.parse(at ?? '') - this.startedAtMs,
    };
  }
}

function nodeOf({ type, data }: Envelope): string {
  return type === 'agent.token' ? String(data['step']).replace(/^node:/, '') : String(data['node_id']);
}

function applyToNode(node: NodeProgress, { type, data }: Envelope, nowMs: number): void {
  if (type === 'agent.token') return applyChunk(node, Number(data['offset']), String(data['text']));
  if (type === 'execution.node.status') {
    node.status = data['status'] as NodeProgress['status'];
    node.reason = data['reason'] as string | undefined;
    node.text = '';
  } else if (type === 'execution.node.completed') {
    node.status = 'completed';
    node.output = data['output'] as NodeOutput;
  } else if (type === 'execution.node.failed') {
    const { code, message } = data['error'] as Failure;
    node.status = 'failed';
    node.reason = `${code}: ${message}`;
  } else return;
  node.sinceMs = nowMs;
}

/** Chunks of a step begin at 0 again when it is tried again; what overlaps was there before. */
function applyChunk(node: NodeProgress, offset: number, text: string): void {
  if (offset <= node.text.length) node.text = node.text.slice(0, offset) + text;
}
