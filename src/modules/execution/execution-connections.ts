import { DedicatedConnection } from '../../database/dedicated-connection.js';

/** The connections that the engine does not share with the pool: one per flush lane, and two for claims. */
export class ExecutionConnections {
  readonly lane: DedicatedConnection;
  readonly creations: DedicatedConnection;
  /** Claims, and journals to be replayed. */
  readonly claims: DedicatedConnection;
  /** Intents and heartbeats: small, and never to wait for the others. */
  readonly intents: DedicatedConnection;

  constructor(url: string, onLost?: (error: Error) => void) {
    const open = (name: string) => new DedicatedConnection({ url, name, ...(onLost && { onLost }) });
    this.lane = open('troupe journal');
    this.creations = open('troupe creations');
    this.claims = open('troupe claims');
    this.intents = open('troupe intents');
  }

  async close(): Promise<void> {
    await Promise.all([this.lane, this.creations, this.claims, this.intents].map((connection) => connection.close()));
  }
}
