import { Global, Module } from '@nestjs/common';
import { DrainState } from './lifecycle/drain-state.js';
import { ReadinessRegistry } from './lifecycle/readiness-registry.js';
import { UnusedConnections } from './lifecycle/unused-connections.js';
import { MetricsRegistry } from './metrics/metrics-registry.js';
import { RequestRates } from './rate-limit/request-rates.js';
import { GuardedHttp } from './net/guarded-http.js';

const ONE_PER_PROCESS = [DrainState, GuardedHttp, MetricsRegistry, ReadinessRegistry, RequestRates];

/** What any module may need and there is one of. */
@Global()
@Module({ providers: [...ONE_PER_PROCESS, UnusedConnections], exports: ONE_PER_PROCESS })
export class CommonModule {}
