import { v7 as uuidv7 } from 'uuid';
import { RunEngine, type EngineListener } from '../../src/engine/index.js';
import { ExecutionConnections } from '../../src/modules/execution/execution-connections.js';
import { PgBlobStore } from '../../src/modules/execution/pg-blob-store.js';
import { PgJournal } from '../../src/modules/execution/pg-journal.js';
import { PgRunQueue } from '../../src/modules/execution/pg-run-queue.js';
import { SystemClock } from '../../src/modules/execution/system-clock.js';
import type { BenchDatabase } from '../support/bench-database.js';
import { makeState } from './state.js';
import type { Subject } from './subject.js';
import { tenSteps } from './ten-steps.js';

const OWNERS = Array.from({ length: 8 }, () => uuidv7());

/** The engine on its PostgreSQL adapters, with the product's defaults: creation and end of each run included. */
export class EngineSubject implements Subject {
  readonly name = 'engine';
  private readonly waiting = new Map<string, PromiseWithResolvers<void>>();
  private runs = 0;

  private constructor(
    private readonly connections: ExecutionConnections,
    private readonly engine: RunEngine,
  ) {}

  static async start({ url, dataSource }: BenchDatabase): Promise<EngineSubject> {
    const connections = new ExecutionConnections(url);
    let subject: EngineSubject | undefined;
    const engine = new RunEngine({
      journal: new PgJournal({ lane: connections.lane, reads: connections.claims, dataSource }),
      queue: new PgRunQueue(connections),
      blobs: new PgBlobStore(dataSource),
      clock: new SystemClock(),
      programs: [tenSteps],
      worker: { name: 'bench', roles: ['worker'] },
      listener: listener((runId) => subject?.ended(runId)),
    });
    subject = new EngineSubject(connections, engine);
    await engine.start();
    return subject;
  }

  async runOnce(): Promise<void> {
    const id = uuidv7();
    const end = Promise.withResolvers<void>();
    this.waiting.set(id, end);
    this.runs += 1;
    await this.engine.create({
      id,
      kind: tenSteps.kind,
      version: tenSteps.version,
      input: JSON.stringify(makeState(0, this.runs)),
      ownerId: OWNERS[this.runs % OWNERS.length] ?? id,
      projectId: null,
      traceId: id.replaceAll('-', ''),
    });
    await end.promise;
  }

  async close(): Promise<void> {
    await this.engine.drain(2_000);
    await this.connections.close();
  }

  private ended(runId: string): void {
    this.waiting.get(runId)?.resolve();
    this.waiting.delete(runId);
  }
}

function listener(onEnded: (runId: string) => void): EngineListener {
  return {
    committed: () => undefined,
    chunk: () => undefined,
    stepEnded: () => undefined,
    statusChanged: ({ runId }, _kind, status) => {
      if (status === 'failed') throw new Error(`run ${runId} failed`);
      if (status === 'completed') onEnded(runId);
    },
    workAvailable: () => undefined,
    fault: (message, error) => void process.stderr.write(`${message}: ${String(error)}\n`),
  };
}
