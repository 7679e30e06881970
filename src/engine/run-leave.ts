import { EngineError, RunFailure, type FailureInfo } from './errors.js';
import type { NewRow, Transition } from './ports/journal.js';
import type { RunStatus } from './ports/run-queue.js';
import type { ProgramDefinition } from './program.js';
import { messageOf } from './retry.js';
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

/** @throws {UnstorableValueError} */
export function failed(rows: RowFactory, { info, output }: RunEndFailure): Leave {
  const encoded = output === undefined ? null : rows.encode(output);
  return {
    transition: { to: 'failed', error: rows.encode(info), output: encoded },
    rows: [rows.event({ type: 'execution.failed', data: { error: info } })],
  };
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
  if (error instanceof RunFailure) return { info: error.info, output: error.output, isUnforeseen: false };
  if (error instanceof EngineError) {
    const { code, message, details } = error;
    return { info: { code, message, details }, isUnforeseen: false };
  }
  return { info: { code: 'PROGRAM_ERROR', message: messageOf(error) }, isUnforeseen: true };
}
