import { Global, Module } from '@nestjs/common';
import { DrainState } from './lifecycle/drain-state.js';
import { MetricsRegistry } from './metrics/metrics-registry.js';

/** One of each per process. */
@Global()
@Module({ providers: [DrainState, MetricsRegistry], exports: [DrainState, MetricsRegistry] })
export class CommonModule {}
