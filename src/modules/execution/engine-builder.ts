import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EngineConfig, ServerConfig } from '../../config/config.js';
import { RunEngine, type ProgramDefinition } from '../../engine/index.js';
import { ExecutionConnections } from './execution-connections.js';
import { KnownSecrets } from './known-secrets.js';
import { PgBlobStore } from './pg-blob-store.js';
import { PgJournal } from './pg-journal.js';
import { PgRunQueue } from './pg-run-queue.js';
import { StreamPublisher } from './stream-publisher.js';
import { ExecutionMetrics } from './execution-metrics.js';
import { SystemClock } from './system-clock.js';
import { TimedJournal } from './timed-journal.js';

/** The one place where the engine meets PostgreSQL, this machine's clock and the streams. */
@Injectable()
export class EngineBuilder {
  constructor(
    private readonly connections: ExecutionConnections,
    private readonly dataSource: DataSource,
    private readonly publisher: StreamPublisher,
    private readonly secrets: KnownSecrets,
    private readonly config: EngineConfig,
    private readonly server: ServerConfig,
    private readonly metrics: ExecutionMetrics,
  ) {}

  build(programs: readonly ProgramDefinition[]): RunEngine {
    const { lane, claims } = this.connections;
    return new RunEngine({
      journal: new TimedJournal(new PgJournal({ lane, reads: claims, dataSource: this.dataSource }), this.metrics),
      queue: new PgRunQueue(this.connections),
      blobs: new PgBlobStore(this.dataSource),
      clock: new SystemClock(),
      listener: this.publisher,
      programs,
      worker: { name: `${hostname()}:${process.pid}`, roles: [...this.server.roles] },
      leaseMs: this.config.leaseSeconds * 1_000,
      stepSlots: this.config.stepSlots,
      maxRuns: this.config.maxRuns,
      pollMs: this.config.pollMs,
      mask: this.secrets,
    });
  }
}
