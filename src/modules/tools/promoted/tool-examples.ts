import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { InputFault } from '../../../common/errors/domain.error.js';
import { InvalidInputError } from '../../../common/errors/invalid-input.error.js';
import { newId } from '../../../common/ids/id.js';
import { currentTraceId } from '../../../common/tracing/current-trace.js';
import { type CallableTool, ToolFailure, type ToolScope } from '../tool.js';
import { ToolCalls } from '../tool-calls.js';
import type { ToolExample } from './promoted-manifest.js';

/** For all of them. */
const TOTAL_MS = 60_000;
const SHOWN_CHARS = 500;

/** Has a tool show that it does what its examples say. */
@Injectable()
export class ToolExamples {
  constructor(private readonly calls: ToolCalls) {}

  /**
   * One after the other, as the tool will be called, with all that it declares.
   *
   * @throws {InvalidInputError} EXAMPLES_FAILED, with a fault for each that failed
   */
  async assertAll(tool: CallableTool, examples: readonly ToolExample[], scope: ToolScope): Promise<void> {
    const signal = AbortSignal.timeout(TOTAL_MS);
    const faults: InputFault[] = [];
    for (const [index, example] of examples.entries()) {
      const found = await this.faultsOf(tool, example, scope, signal);
      faults.push(...found.map((fault) => ({ ...fault, path: `/examples/${index}${fault.path}` })));
    }
    if (faults.length > 0) throw new InvalidInputError(faults, { code: 'EXAMPLES_FAILED' });
  }

  private async faultsOf(
    tool: CallableTool,
    { input, expected_output: expected }: ToolExample,
    scope: ToolScope,
    signal: AbortSignal,
  ): Promise<readonly InputFault[]> {
    const checked = this.calls.checkArguments(tool, input);
    if (!checked.ok) {
      return checked.faults.map(({ path, message }) => ({ path: `/input${path}`, code: 'ARGUMENT_INVALID', message }));
    }
    try {
      const output = await this.output(tool, checked.args, scope, signal);
      return isDeepStrictEqual(output, expected) ? [] : [differs(output, expected)];
    } catch (error) {
      return [failed(error, signal)];
    }
  }

  private async output(
    tool: CallableTool,
    args: ToolExample['input'],
    scope: ToolScope,
    signal: AbortSignal,
  ): Promise<unknown> {
    const own = { runId: null, traceId: currentTraceId(), idempotencyKey: newId() };
    const permissions = new Set(tool.manifest.permissions);
    return (await this.calls.call(tool, args, { ...scope, ...own, signal, permissions })).output;
  }
}

function differs(output: unknown, expected: unknown): InputFault {
  const message = `answered ${shown(output)} in place of ${shown(expected)}`;
  return { path: '/expected_output', code: 'OUTPUT_DIFFERS', message };
}

function failed(error: unknown, signal: AbortSignal): InputFault {
  if (error instanceof ToolFailure) return { path: '', code: error.code, message: error.message };
  if (!signal.aborted) throw error;
  return { path: '', code: 'TOOL_TIMED_OUT', message: `All examples together took more than ${TOTAL_MS} ms` };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= SHOWN_CHARS ? text : `${text.slice(0, SHOWN_CHARS).toWellFormed()}…`;
}
