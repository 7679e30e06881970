import type { EndedStatus, RunInbox } from '../../engine/index.js';

/** Columns of `READ_INBOX`: the intents, then a signal, or an ended child, or nothing. */
export type InboxRow = [
  intentSeq: number,
  cancelRequested: boolean,
  pauseRequested: boolean,
  cancelReason: string | null,
  deadlineAt: Date | null,
  key: string | null,
  childRunId: string | null,
  childStatus: EndedStatus | null,
  content: string | null,
  error: string | null,
];

export function toInbox(runId: string, rows: readonly InboxRow[]): RunInbox {
  const [first] = rows;
  if (!first) throw new Error(`there is no run ${runId}`);
  const [intentSeq, cancelRequested, pauseRequested, cancelReason, deadlineAt] = first;
  return {
    intentSeq,
    cancelRequested,
    pauseRequested,
    cancelReason,
    deadlineAt,
    signals: rows.flatMap(toSignal),
    endedChildren: rows.flatMap(toEndedChild),
  };
}

function toSignal([, , , , , key, childRunId, , payload]: InboxRow): RunInbox['signals'] {
  return key === null || childRunId !== null || payload === null ? [] : [{ key, payload }];
}

function toEndedChild([, , , , , key, runId, status, output, error]: InboxRow): RunInbox['endedChildren'] {
  return key === null || runId === null || status === null ? [] : [{ key, runId, status, output, error }];
}
