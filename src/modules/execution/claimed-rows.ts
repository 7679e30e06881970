import type { ClaimedRun } from '../../engine/index.js';

/** Columns of `claim_runs`, in its order. */
export type ClaimedRow = [
  runId: string,
  streamId: number,
  epoch: number,
  rootRunId: string,
  parentRunId: string | null,
  kind: string,
  version: number,
  takeover: boolean,
  intentSeq: number,
  cancelRequested: boolean,
  pauseRequested: boolean,
  deadlineAt: Date | null,
  ownerId: string,
  projectId: string | null,
  traceId: string,
  input: string,
];

export function toClaimedRun(row: ClaimedRow, workerId: number): ClaimedRun {
  const [runId, streamId, epoch, rootRunId, parentRunId, kind, version, takeover] = row;
  const [, , , , , , , , intentSeq, cancelRequested, pauseRequested, deadlineAt, ownerId, projectId, traceId, input] =
    row;
  return {
    lease: {
      runId,
      streamId,
      epoch,
      workerId,
      rootRunId,
      parentRunId,
      ownerId,
      projectId,
      traceId: traceId.replaceAll('-', ''),
    },
    kind,
    version,
    input,
    takeover,
    // Nobody held it before. One that was handed back unwritten counts as written: an empty journal is loaded then.
    fresh: epoch === 1,
    intents: { intentSeq, cancelRequested, pauseRequested },
    deadlineAt,
  };
}
