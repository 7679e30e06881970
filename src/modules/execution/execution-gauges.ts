import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { BriefCache } from '../../common/cache/brief-cache.js';
import { MetricsRegistry } from '../../common/metrics/metrics-registry.js';
import { EngineConfig } from '../../config/config.js';
import { EngineHost } from './engine-host.js';

interface QueueState {
  readonly status: string;
  readonly runs: number;
  readonly claimable: number;
  /** Of those that have not begun; null when there are none. */
  readonly oldest_seconds: number | null;
}

/** Scrapers come often, and there may be several. */
const MAX_AGE_MS = 10_000;
const TIMEOUT_MS = 2_000;
const QUEUE = `
  SELECT c.status, count(*)::integer AS runs, count(c.queue_key)::integer AS claimable,
    extract(epoch FROM now() - min(r.created_at) FILTER (WHERE c.queue_key IS NOT NULL AND c.started_at IS NULL))::float8
      AS oldest_seconds
  FROM run_control c LEFT JOIN runs r ON r.id = c.run_id AND c.queue_key IS NOT NULL GROUP BY c.status`;

/** How the queue of all processes stands, and how busy this one is: looked up when somebody asks for it. */
@Injectable()
export class ExecutionGauges implements OnModuleInit {
  private readonly queue = new BriefCache(() => this.readQueue(), MAX_AGE_MS, 1);

  constructor(
    private readonly database: DataSource,
    private readonly registry: MetricsRegistry,
    private readonly host: EngineHost,
    private readonly config: EngineConfig,
  ) {}

  onModuleInit(): void {
    this.addRuns();
    this.add('troupe_queue_depth', 'Runs that could go on and wait for a worker', (states) =>
      states.reduce((sum, { claimable }) => sum + claimable, 0),
    );
    this.add('troupe_queue_age_seconds', 'How long the oldest run in line has not begun', (states) =>
      Math.max(0, ...states.map(({ oldest_seconds: seconds }) => seconds ?? 0)),
    );
    this.addOwn('troupe_engine_runs', 'Runs in the memory of this process', () => this.host.engine.activeRuns);
    this.addOwn('troupe_engine_steps', 'Steps under way in this process', () => this.host.engine.stepsInProgress);
    this.addOwn('troupe_engine_step_slots', 'Steps that may be under way at once', () => this.config.stepSlots);
  }

  private addRuns(): void {
    const queue = () => this.state();
    new Gauge({
      name: 'troupe_runs',
      help: 'Runs by state, of all processes',
      labelNames: ['status'] as const,
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const { status, runs } of await queue()) this.set({ status }, runs);
      },
    });
  }

  private add(name: string, help: string, valueOf: (states: readonly QueueState[]) => number): void {
    const queue = () => this.state();
    new Gauge({
      name,
      help,
      registers: [this.registry],
      async collect() {
        this.set(valueOf(await queue()));
      },
    });
  }

  private addOwn(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }

  /** Empty while the database is away: the other metrics are wanted then more than ever. */
  private async state(): Promise<readonly QueueState[]> {
    return this.queue.get('queue').catch(() => []);
  }

  private readQueue(): Promise<QueueState[]> {
    return this.database.transaction(async (manager) => {
      await manager.query(`SET LOCAL statement_timeout = ${TIMEOUT_MS}`);
      return manager.query<QueueState[]>(QUEUE);
    });
  }
}
