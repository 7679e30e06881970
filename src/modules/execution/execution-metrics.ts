import { Injectable } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import { MetricsRegistry } from '../../common/metrics/metrics-registry.js';
import type { JournalRow } from '../../engine/index.js';

const MILLIS_PER_SECOND = 1_000;
/** The events of steps that ended well; both tell how long the step took. */
const OF_STEPS: Readonly<Record<string, string>> = {
  'execution.step.completed': 'step',
  'execution.node.completed': 'node',
};
const DURATION = '"duration_ms":';

/** What the engine of this process does: counted while it happens, so cheap that it may be. */
@Injectable()
export class ExecutionMetrics {
  private readonly commits: Histogram<'kind'>;
  private readonly steps: Histogram<'kind'>;
  private readonly events: Counter;
  private readonly ended: Counter<'kind' | 'status'>;

  constructor(registry: MetricsRegistry) {
    const registers = [registry];
    this.commits = new Histogram({
      name: 'troupe_commit_duration_seconds',
      help: 'Time that a commit to the journal takes; a commit carries the events of many runs',
      labelNames: ['kind'] as const,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    });
    this.steps = new Histogram({
      name: 'troupe_step_duration_seconds',
      help: 'Time that steps took that ended well',
      labelNames: ['kind'] as const,
      buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    });
    this.events = new Counter({ name: 'troupe_events_total', help: 'Events of runs that were committed', registers });
    this.ended = new Counter({
      name: 'troupe_runs_ended_total',
      help: 'Runs that this process has brought to their end',
      labelNames: ['kind', 'status'] as const,
      registers,
    });
  }

  committed(rows: readonly JournalRow[]): void {
    this.events.inc(rows.length);
    for (const { name, payload } of rows) {
      const kind = OF_STEPS[name];
      const millis = kind === undefined ? undefined : durationIn(payload);
      if (kind !== undefined && millis !== undefined) this.steps.observe({ kind }, millis / MILLIS_PER_SECOND);
    }
  }

  runEnded(kind: string, status: string): void {
    this.ended.inc({ kind, status });
  }

  /** Times a commit, whatever becomes of it. */
  async timeCommit<T>(kind: 'append' | 'transact', commit: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await commit();
    } finally {
      this.commits.observe({ kind }, (performance.now() - startedAt) / MILLIS_PER_SECOND);
    }
  }
}

/** Looked up from the end, instead of parsing all of what may be a large output. */
function durationIn(payload: string): number | undefined {
  const at = payload.lastIndexOf(DURATION);
  const millis =
    at < 0 ? Number.NaN : Number.parseFloat(payload.slice(at + DURATION.length, at + DURATION.length + 20));
  return Number.isFinite(millis) ? millis : undefined;
}
