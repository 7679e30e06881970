import { DataSource } from 'typeorm';
import { commonOptions } from '../../src/database/data-source-options.js';
import { RunEngine, type EngineListener, type ProgramDefinition } from '../../src/engine/index.js';
import { ExecutionConnections } from '../../src/modules/execution/execution-connections.js';
import { PgBlobStore } from '../../src/modules/execution/pg-blob-store.js';
import { PgJournal } from '../../src/modules/execution/pg-journal.js';
import { PgRunQueue } from '../../src/modules/execution/pg-run-queue.js';
import { SystemClock } from '../../src/modules/execution/system-clock.js';

/** The engine on its PostgreSQL adapters, with the product's defaults, without the rest of the application. */
export class BenchEngine {
  /** Runs that ended or went to sleep since somebody last set it to 0. */
  departed = 0;
  onCompleted: (runId: string) => void = () => undefined;
  readonly engine: RunEngine;

  private constructor(
    private readonly connections: ExecutionConnections,
    private readonly dataSource: DataSource,
    program: ProgramDefinition,
  ) {
    this.engine = new RunEngine({
      journal: new PgJournal({ lane: connections.lane, reads: connections.claims, dataSource }),
      queue: new PgRunQueue(connections),
      blobs: new PgBlobStore(dataSource),
      clock: new SystemClock(),
      programs: [program],
      worker: { name: 'bench', roles: ['worker'] },
      listener: this.listener(),
    });
  }

  static async start(url: string, program: ProgramDefinition): Promise<BenchEngine> {
    const dataSource = await new DataSource(commonOptions(url, 2)).initialize();
    const engine = new BenchEngine(new ExecutionConnections(url), dataSource, program);
    await engine.engine.start();
    return engine;
  }

  async close(): Promise<void> {
    await this.engine.drain(2_000);
    await this.connections.close();
    await this.dataSource.destroy();
  }

  private listener(): EngineListener {
    return {
      committed: () => undefined,
      chunk: () => undefined,
      stepEnded: () => undefined,
      statusChanged: ({ runId }, _kind, status) => {
        if (status === 'failed') throw new Error(`run ${runId} failed`);
        if (status !== 'running') this.departed += 1;
        if (status === 'completed') this.onCompleted(runId);
      },
      workAvailable: () => undefined,
      fault: (message, error) => void process.stderr.write(`${message}: ${String(error)}\n`),
    };
  }
}
