import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { MetricsRegistry } from '../../common/metrics/metrics-registry.js';
import type { ModelUsage } from './model-provider.js';

const MILLIS_PER_SECOND = 1_000;

/** Calls to providers, by provider: models are named by clients, and would make a series each. */
@Injectable()
export class ModelMetrics {
  private readonly duration: Histogram<'provider' | 'outcome'>;
  private readonly tokens: Counter<'provider' | 'direction'>;

  constructor(registry: MetricsRegistry) {
    this.duration = new Histogram({
      name: 'troupe_model_call_duration_seconds',
      help: 'Time from a call to a model provider to the end of its answer',
      labelNames: ['provider', 'outcome'] as const,
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
      registers: [registry],
    });
    this.tokens = new Counter({
      name: 'troupe_model_tokens_total',
      help: 'Tokens that model providers counted',
      labelNames: ['provider', 'direction'] as const,
      registers: [registry],
    });
  }

  /** @param usageOf absent for providers that count no tokens */
  async observe<T>(
    provider: string,
    call: () => Promise<T>,
    usageOf?: (answer: T) => ModelUsage | undefined,
  ): Promise<T> {
    const startedAt = performance.now();
    let outcome = 'failed';
    try {
      const answer = await call();
      outcome = 'answered';
      this.count(provider, usageOf?.(answer));
      return answer;
    } finally {
      this.duration.observe({ provider, outcome }, (performance.now() - startedAt) / MILLIS_PER_SECOND);
    }
  }

  private count(provider: string, usage: ModelUsage | undefined): void {
    if (!usage) return;
    this.tokens.inc({ provider, direction: 'input' }, usage.inputTokens);
    this.tokens.inc({ provider, direction: 'output' }, usage.outputTokens);
  }
}
