import type { Answer } from './api-client.js';
import type { SignedInClient } from './signed-in-client.js';

export interface StoredEvent {
  readonly type: string;
  readonly seq: number;
  readonly data: Readonly<Record<string, unknown>>;
}

type Body = Readonly<Record<string, unknown>>;
export type NodeData = Readonly<Record<string, unknown>>;

/** A graph in one line: `a>b` is an edge, `a>b:adapter-in` names the handle it ends at, `a.text-true>b` the one it leaves by. */
export function graphOf(line: string, nodes: Readonly<Record<string, readonly [type: string, data?: NodeData]>>) {
  const edges = line.split(' ').filter(Boolean);
  return {
    nodes: Object.entries(nodes).map(([id, [type, data = {}]]) => ({ id, type, data })),
    edges: edges.map((edge) => {
      const [, source, handle, target, into] = /^([^.>]+)(?:\.([^>]+))?>([^:]+)(?::(.+))?$/.exec(edge) ?? [];
      return { source, target, ...(handle && { source_handle: handle }), ...(into && { target_handle: into }) };
    }),
  };
}

/** Runs graphs as one user and reads what became of them. */
export class FlowClient {
  constructor(private readonly user: SignedInClient) {}

  run(graph: object, more: object = {}): Promise<Answer<Body>> {
    return this.user.post('/execution/run', { ...graph, wait_seconds: 20, ...more });
  }

  async events(runId: unknown): Promise<StoredEvent[]> {
    const { body } = await this.user.get(`/runs/${String(runId)}/events?limit=1000`);
    return body['items'] as StoredEvent[];
  }

  async untilEvent(runId: unknown, type: string): Promise<StoredEvent> {
    for (let tries = 0; tries < 200; tries += 1) {
      const found = (await this.events(runId)).find((event) => event.type === type);
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`Run ${String(runId)} has had no ${type}`);
  }

  /** The ids of nodes that events of a type tell of, in order. */
  async nodesOf(runId: unknown, type: string): Promise<string[]> {
    const events = await this.events(runId);
    return events.filter((event) => event.type === type).map(({ data }) => String(data['node_id']));
  }
}
