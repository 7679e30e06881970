import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Pool } from 'pg';
import { Gauge } from 'prom-client';
import { DataSource } from 'typeorm';
import { MetricsRegistry } from '../common/metrics/metrics-registry.js';

/** How busy the pool of database connections is. */
@Injectable()
export class PoolMetrics implements OnModuleInit {
  constructor(
    private readonly database: DataSource,
    private readonly registry: MetricsRegistry,
  ) {}

  onModuleInit(): void {
    // What TypeORM's driver for PostgreSQL keeps there.
    const { master: pool } = this.database.driver as unknown as { readonly master: Pool };
    new Gauge({
      name: 'troupe_database_pool_connections',
      help: 'Connections of the pool by state; waiting: requests that wait for one',
      labelNames: ['state'] as const,
      registers: [this.registry],
      collect() {
        this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'waiting' }, pool.waitingCount);
        this.set({ state: 'limit' }, pool.options.max);
      },
    });
  }
}
