import { Injectable, Logger } from '@nestjs/common';
import type { Chunk, EndedStatus, EngineListener, JournalRow, Lease, RunStatus } from '../../engine/index.js';
import { StreamHub } from '../streams/stream-hub.js';
import { StreamNotices } from '../streams/stream-notices.js';
import { ExecutionMetrics } from './execution-metrics.js';
import { isEnded } from './run-view.js';
import { RunWaiter } from './run-waiter.js';

/** Tells the streams, those who wait, and the other processes what the engine did. */
@Injectable()
export class StreamPublisher implements EngineListener {
  private readonly logger = new Logger('RunEngine');

  constructor(
    private readonly hub: StreamHub,
    private readonly notices: StreamNotices,
    private readonly waiter: RunWaiter,
    private readonly metrics: ExecutionMetrics,
  ) {}

  committed(lease: Lease, rows: readonly JournalRow[]): void {
    const { streamId, traceId, ownerId, projectId, rootRunId } = lease;
    const scope = { stream: streamOf(lease), streamId, traceId, ownerId, projectId, rootRunId };
    this.metrics.committed(rows);
    this.hub.publish(rows.map(({ seq, name, payload, at }) => ({ ...scope, seq, type: name, payload, at })));
  }

  chunk({ lease, step, attempt, offset, text }: Chunk): void {
    const { runId, streamId, ownerId, rootRunId } = lease;
    this.hub.publishChunk({
      stream: streamOf(lease),
      streamId,
      runId,
      step,
      attempt,
      offset,
      text,
      ownerId,
      rootRunId,
    });
  }

  stepEnded(lease: Lease, step: string): void {
    this.hub.stepEnded(streamOf(lease), step);
  }

  statusChanged({ runId }: Lease, kind: string, status: RunStatus | EndedStatus): void {
    if (!isEnded(status)) return;
    this.metrics.runEnded(kind, status);
    this.waiter.ended(runId);
  }

  workAvailable(): void {
    this.notices.hint('work');
  }

  fault(message: string, error: unknown, context: Readonly<Record<string, unknown>>): void {
    this.logger.error({ err: error, ...context }, message);
  }
}

function streamOf({ runId }: Lease): string {
  return `run:${runId}`;
}
