import { Injectable, Logger } from '@nestjs/common';
import { findTextFaults } from '../../common/http/text-faults.js';
import { SchemaChecks, type SchemaFault } from './schema-checks.js';
import { type AnyTool, type CallableTool, type ToolAnswer, type ToolCallContext, ToolFailure } from './tool.js';
import { grantedTo } from './tool-permissions.js';
import { shorten, toJson } from './tool-output.js';

type Arguments = Readonly<Record<string, unknown>>;

export type CheckedArguments =
  { readonly ok: true; readonly args: Arguments } | { readonly ok: false; readonly faults: readonly SchemaFault[] };

/** Calls tools: whoever calls one, an agent, a flow or a person, calls it here. */
@Injectable()
export class ToolCalls {
  private readonly logger = new Logger(ToolCalls.name);

  constructor(private readonly checks: SchemaChecks) {}

  checkArguments({ manifest }: Pick<AnyTool, 'manifest'>, args: unknown): CheckedArguments {
    if (!isRecord(args)) return { ok: false, faults: [{ path: '', message: 'must be object' }] };
    const unfit = findTextFaults(args);
    const faults = unfit.length > 0 ? unfit : this.checks.faultsIn(manifest.inputSchema, args);
    if (faults.length === 0) return { ok: true, args };
    return { ok: false, faults: faults.map(({ path, message }) => ({ path, message })) };
  }

  /**
   * One call with arguments that were checked, of at most `timeoutSeconds`. The tool is handed what is both declared and
   * granted; without any part of something that it declares it is not called at all.
   *
   * @throws {ToolFailure} whatever the tool fails with, `TOOL_TIMED_OUT`, `PERMISSION_DENIED`, `OUTPUT_INVALID`, or
   *   `TOOL_FAULT` for a bug; the reason of the signal once that is aborted
   */
  async call(tool: CallableTool, args: Arguments, context: ToolCallContext): Promise<ToolAnswer> {
    const permissions = grantedTo(tool.manifest, context.permissions);
    const answer = await this.withinTime(tool, context.signal, (signal) =>
      tool.call(args, { ...context, permissions, signal }),
    );
    const json = toJson(answer.output);
    this.assertOutput(tool, json.value);
    return { ...answer, output: shorten(json) };
  }

  private async withinTime(
    { manifest }: CallableTool,
    outer: AbortSignal,
    work: (signal: AbortSignal) => Promise<ToolAnswer>,
  ): Promise<ToolAnswer> {
    outer.throwIfAborted();
    const timeout = AbortSignal.timeout(manifest.timeoutSeconds * 1_000);
    const signal = AbortSignal.any([outer, timeout]);
    try {
      return await untilAborted(work(signal), signal);
    } catch (error) {
      outer.throwIfAborted();
      if (timeout.aborted) throw timedOut(manifest.timeoutSeconds, error);
      throw this.toFailure(manifest.name, error);
    }
  }

  private toFailure(name: string, error: unknown): ToolFailure {
    if (error instanceof ToolFailure) return error;
    this.logger.error({ err: error }, `The tool ${name} has a fault`);
    return new ToolFailure('TOOL_FAULT', 'The tool has a fault of its own', { cause: error });
  }

  private assertOutput({ manifest }: CallableTool, output: unknown): void {
    const [fault] = manifest.outputSchema ? this.checks.faultsIn(manifest.outputSchema, output) : [];
    if (!fault) return;
    const message = `The tool answered what its output schema does not allow: ${fault.path} ${fault.message}`;
    throw new ToolFailure('OUTPUT_INVALID', message);
  }
}

/** A tool that does not heed its signal is left to itself. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function timedOut(seconds: number, cause: unknown): ToolFailure {
  return new ToolFailure('TOOL_TIMED_OUT', `The tool has not answered in ${seconds} seconds`, { cause });
}

function isRecord(value: unknown): value is Arguments {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
