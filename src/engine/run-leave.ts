import { EngineError, messageOf, RunFailure, toFailureInfo, UnstorableValueError, type FailureInfo } from './errors.js';
import type { NewRow, Transition } from './ports/journal.js';
import type { RunStatus } from './ports/run-queue.js';
import type { ProgramDefinition } from './program.js';
import type { RowFactory } from './row-factory.js';

/** How a run lets go: the transition of its control row, and the rows that tell of it. */
export interface Leave {
  readonly transition: Transition;
  readonly rows: readonly NewRow[];
}

export function statusAfter({ transition }: Leave): RunStatus {
  return transition.to;
}

/** @throws {UnstorableValueError} */
export function completed(rows: RowFactory, definition: ProgramDefinition, output: unknown): Leave {
  const data = definition.completed?.(output) ?? { output: output ?? null };
  return {
    transition: { to: 'completed', output: rows.encode(output) },
    rows: [rows.event({ type: 'execution.completed', data })],
  };
}

export function failed(rows: RowFactory, { info, output }: RunEndFailure): Leave {
  return {
    transition: { to: 'failed', error: rows.encode(info), output: encodedOrNull(rows, output) },
    rows: [rows.event({ type: 'execution.failed', data: { error: info } })],
  };
}

/** What a run left behind must not keep it from failing. */
function encodedOrNull(rows: RowFactory, output: unknown): string | null {
  try {
    return output === undefined ? null : rows.encode(output);
  } catch (error) {
    if (error instanceof UnstorableValueError) return null;
    throw error;
  }
}

export function cancelled(rows: RowFactory, reason: string | null): Leave {
  const error = rows.encode({ code: 'RUN_CANCELLED', message: reason ?? 'The run was cancelled' });
  return {
    transition: { to: 'cancelled', error },
    rows: [rows.event({ type: 'execution.cancelled', data: reason === null ? {} : { reason } })],
  };
}

export interface RunEndFailure {
  readonly info: FailureInfo;
  /** What the run produced all the same. */
  readonly output?: unknown;
  /** Nobody foresaw it: a bug. */
  readonly isUnforeseen: boolean;
}

export function toRunEndFailure(error: unknown): RunEndFailure {
  if (error instanceof RunFailure)
    return { info: toFailureInfo(error.info), output: error.output, isUnforeseen: false };
  if (error instanceof EngineError) return { info: toFailureInfo(error), isUnforeseen: false };
  return { info: toFailureInfo({ code: 'PROGRAM_ERROR', message: messageOf(error) }), isUnforeseen: true };
}
