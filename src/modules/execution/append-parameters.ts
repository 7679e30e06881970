import { int4Array, int8Array, jsonArray, textArray, timestampArray, uuidArray } from '../../database/binary-array.js';
import type { Lease, NewRow, NewRun, RunAppend, Transition } from '../../engine/index.js';
import { childParameters } from './enqueue-parameters.js';

interface NumberedRow {
  readonly producer: number;
  readonly lease: Lease;
  readonly seq: number;
  readonly row: NewRow;
}

interface Producer {
  readonly place: number;
  readonly append: RunAppend;
  readonly transition: Transition | undefined;
}

/** Whether the append depends on the run's control row, and not on its next seq alone. */
export function isConditional(append: RunAppend): boolean {
  return append.transition !== undefined || append.children.length > 0;
}

/** $1 to $8 of `APPEND_ROWS`. */
export function rowParameters(batch: readonly RunAppend[]): Buffer[] {
  return encodeRows(numberRows(batch));
}

/** All parameters of `append_runs`, in its order. */
export function runParameters(batch: readonly RunAppend[]): (Buffer | null)[] {
  const rows = numberRows(batch);
  return [
    int4Array(rows.map(({ producer }) => producer)),
    ...encodeRows(rows),
    ...encodeProducers(batch),
    ...encodeChildren(batch),
  ];
}

function numberRows(batch: readonly RunAppend[]): NumberedRow[] {
  const rows: NumberedRow[] = [];
  for (const [producer, append] of batch.entries()) {
    let seq = append.firstSeq;
    for (const row of append.rows) rows.push({ producer, lease: append.lease, seq: seq++, row });
  }
  return rows;
}

function encodeRows(rows: readonly NumberedRow[]): Buffer[] {
  return [
    int8Array(rows.map(({ lease }) => lease.streamId)),
    int4Array(rows.map(({ seq }) => seq)),
    textArray(rows.map(({ row }) => row.name)),
    jsonArray(rows.map(({ row }) => row.payload)),
    jsonArray(rows.map(({ row }) => row.record)),
    uuidArray(rows.map(({ lease }) => lease.ownerId)),
    uuidArray(rows.map(({ lease }) => lease.projectId)),
    uuidArray(rows.map(({ lease }) => lease.traceId)),
  ];
}

function encodeProducers(batch: readonly RunAppend[]): Buffer[] {
  const producers = batch
    .map((append, place): Producer => ({ place, append, transition: append.transition }))
    .filter(({ append }) => isConditional(append));
  return [
    uuidArray(locksOf(producers)),
    int4Array(producers.map(({ place }) => place)),
    uuidArray(producers.map(({ append }) => append.lease.runId)),
    int4Array(producers.map(({ append }) => append.lease.epoch)),
    int8Array(producers.map(({ append }) => append.lease.workerId)),
    uuidArray(producers.map(({ append }) => append.lease.parentRunId)),
    textArray(producers.map(({ transition }) => transition?.to ?? null)),
    jsonArray(producers.map(({ transition }) => outputOf(transition))),
    jsonArray(producers.map(({ transition }) => errorOf(transition))),
    int4Array(
      producers.map(({ transition }) => (transition && 'intentSeq' in transition ? transition.intentSeq : null)),
    ),
    timestampArray(producers.map(({ transition }) => (transition?.to === 'waiting' ? transition.wakeAt : null))),
  ];
}

/** Every control row that is looked at or changed: the run's own, its parent's at its end, its root's for children. */
function locksOf(producers: readonly Producer[]): string[] {
  const locks = new Set<string>();
  for (const { append, transition } of producers) {
    locks.add(append.lease.runId);
    if (append.lease.parentRunId && isEnd(transition)) locks.add(append.lease.parentRunId);
    if (append.children.length > 0) locks.add(append.lease.rootRunId);
  }
  return [...locks];
}

function encodeChildren(batch: readonly RunAppend[]): (Buffer | null)[] {
  const places: number[] = [];
  const children: NewRun[] = [];
  for (const [place, append] of batch.entries()) {
    for (const child of append.children) {
      places.push(place);
      children.push(child);
    }
  }
  return [children.length === 0 ? null : int4Array(places), ...childParameters(children)];
}

function isEnd(transition: Transition | undefined): boolean {
  return transition?.to === 'completed' || transition?.to === 'failed' || transition?.to === 'cancelled';
}

function outputOf(transition: Transition | undefined): string | null {
  return transition && 'output' in transition ? transition.output : null;
}

function errorOf(transition: Transition | undefined): string | null {
  return transition && 'error' in transition ? transition.error : null;
}
