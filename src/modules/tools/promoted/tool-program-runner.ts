import { Injectable } from '@nestjs/common';
import { currentTrace, runWithTrace } from '../../../common/tracing/current-trace.js';
import { newTrace } from '../../../common/tracing/traceparent.js';
import { AuditTrail } from '../../audit/audit-trail.js';
import { inputText, resultOf } from '../sandbox/evaluation-output.js';
import { Sandbox } from '../sandbox/sandbox.js';
import type { CallableTool, ToolCallContext, ToolFailure, ToolManifest } from '../tool.js';
import { ToolCalls } from '../tool-calls.js';
import { ToolCatalogue } from '../tool-catalogue.js';
import { argumentsInvalid, ProgramCalls } from './program-calls.js';

/** The program ends by itself a little before its call is given up, which would cost its thread. */
const HEAD_START_MS = 200;

/** Runs the code of promoted tools in the sandbox. */
@Injectable()
export class ToolProgramRunner {
  constructor(
    private readonly sandbox: Sandbox,
    private readonly calls: ToolCalls,
    private readonly catalogue: ToolCatalogue,
    private readonly audit: AuditTrail,
  ) {}

  /** A tool whose code is brought when it is called. */
  toolOf(manifest: ToolManifest, code: () => Promise<string>): CallableTool {
    return {
      manifest,
      call: async (args, context) => ({ output: await this.run(manifest, await code(), args, context) }),
    };
  }

  /** @throws {ToolFailure} PERMISSION_DENIED when the program reached beyond its permissions, whatever it made of that */
  private async run(
    manifest: ToolManifest,
    code: string,
    args: Readonly<Record<string, unknown>>,
    context: ToolCallContext,
  ): Promise<unknown> {
    this.assertArguments(manifest, args);
    const calls = new ProgramCalls(this.catalogue, this.calls, context, (denial) =>
      this.record(manifest, denial, context),
    );
    const job = { code, input: inputText(args), timeoutMs: manifest.timeoutSeconds * 1_000 - HEAD_START_MS };
    const evaluating = this.sandbox.evaluateCalling(job, context.signal, calls.answer);
    const evaluation = await evaluating.finally(() => calls.end());
    if (calls.denial) throw calls.denial;
    return resultOf(evaluation);
  }

  /** They were checked against the version that was in force when the run began. */
  private assertArguments(manifest: ToolManifest, args: Readonly<Record<string, unknown>>): void {
    const checked = this.calls.checkArguments({ manifest }, args);
    if (!checked.ok) throw argumentsInvalid(checked.faults);
  }

  private record(
    { name, version, promotedFrom = '' }: ToolManifest,
    { options }: ToolFailure,
    { ownerId, runId, traceId }: ToolCallContext,
  ): void {
    const details = { name, version, ...options.details, ...(runId !== null && { run_id: runId }) };
    const actor = { id: ownerId, realm: 'user' } as const;
    const target = { type: 'solution', id: promotedFrom };
    const refuse = () => this.audit.refused({ action: 'tool.permission', actor, target, details });
    if (currentTrace()) refuse();
    else runWithTrace(newTrace(traceId), refuse);
  }
}
