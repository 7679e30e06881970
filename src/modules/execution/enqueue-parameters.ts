import {
  float8Array,
  int4Array,
  int8Array,
  jsonArray,
  textArray,
  timestampArray,
  uuidArray,
} from '../../database/binary-array.js';
import type { NewRun } from '../../engine/index.js';

/** All parameters of `enqueue_runs`, in its order. */
export function enqueueParameters(runs: readonly NewRun[]): (Buffer | null)[] {
  const hasKeys = runs.some((run) => run.concurrency !== undefined);
  return [
    ...identity(runs),
    ...place(runs),
    hasKeys ? textArray(runs.map((run) => run.concurrency?.key ?? null)) : null,
    hasKeys ? int4Array(runs.map((run) => run.concurrency?.limit ?? null)) : null,
    ...timing(runs),
  ];
}

/** The parameters of children for `append_runs`: as above, but concurrency keys bind root runs only. */
export function childParameters(children: readonly NewRun[]): (Buffer | null)[] {
  if (children.length === 0) return Array.from({ length: 15 }, () => null);
  return [...identity(children), ...place(children), ...timing(children)];
}

function identity(runs: readonly NewRun[]): Buffer[] {
  return [
    uuidArray(runs.map((run) => run.id)),
    textArray(runs.map((run) => run.kind)),
    int4Array(runs.map((run) => run.version)),
    jsonArray(runs.map((run) => run.input)),
    uuidArray(runs.map((run) => run.ownerId)),
    uuidArray(runs.map((run) => run.projectId)),
    uuidArray(runs.map((run) => run.traceId)),
  ];
}

function place(runs: readonly NewRun[]): Buffer[] {
  return [
    uuidArray(runs.map((run) => run.parent?.runId ?? null)),
    uuidArray(runs.map((run) => run.parent?.rootRunId ?? null)),
    textArray(runs.map((run) => run.parent?.key ?? null)),
    int4Array(runs.map((run) => run.priority ?? 0)),
    float8Array(runs.map((run) => run.weight ?? 1)),
  ];
}

function timing(runs: readonly NewRun[]): Buffer[] {
  return [
    int8Array(runs.map((run) => run.timeoutMs ?? null)),
    timestampArray(runs.map((run) => run.startAt ?? null)),
    jsonArray(runs.map((run) => (run.refs ? JSON.stringify(run.refs) : null))),
  ];
}
