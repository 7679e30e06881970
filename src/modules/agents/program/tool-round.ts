import { RecordedFailure, type RunContext } from '../../../engine/index.js';
import { type RunTool, ToolFailure } from '../../tools/tool.js';
import { DELEGATE } from '../definitions/delegate-names.js';
import { toolCompleted } from './agent-events.js';
import type { AgentPorts, AgentScope, OfferedTool, Preparation } from './agent-ports.js';
import type { AgentMessage, AgentRunInput, AnsweredCall, ToolError, ToolResult } from './agent-run.js';
import { calledEvent } from './agent-steps.js';
import { CallKeys } from './call-keys.js';
import { delegateOffer, DelegateTool } from './delegate-tool.js';
import { failedWith } from './tool-results.js';
import { type PlannedCall, planCall, type SoundCall, tooMany } from './plan-call.js';
import { ToolApprovals } from './tool-approvals.js';

/** Of one answer. Those beyond go back to the model. */
const MAX_CALLS = 100;

/** Carries out what the model asks for: side by side where all tools of an answer allow it, else in order. */
export class ToolRound {
  private readonly keys = new CallKeys();
  private readonly approvals: ToolApprovals;
  private readonly delegation: DelegateTool;
  private readonly offered: ReadonlyMap<string, OfferedTool>;

  constructor(
    private readonly ctx: RunContext,
    input: AgentRunInput,
    { tools, delegates }: Preparation,
    private readonly ports: AgentPorts,
    private readonly scope: AgentScope,
  ) {
    this.approvals = new ToolApprovals(ctx, input.agent.name);
    this.delegation = new DelegateTool(input, delegates, ports, scope);
    const offered = delegates.length > 0 ? [...tools, delegateOffer(delegates)] : tools;
    this.offered = new Map(offered.map((tool) => [tool.name, tool]));
  }

  /** Those of an answer that are called at once. @param answerKey of the step that answered */
  first(answerKey: string, message: AgentMessage): readonly PlannedCall[] {
    const planned = this.plan(answerKey, message);
    return areSideBySide(planned) ? planned : planned.slice(0, 1);
  }

  /** One result for each call, in their order. */
  async answer(answerKey: string, message: AgentMessage): Promise<AnsweredCall[]> {
    const planned = this.plan(answerKey, message);
    if (areSideBySide(planned)) {
      return Promise.all(planned.map((call) => this.carryOut(call)));
    }
    const answered: AnsweredCall[] = [];
    for (const call of planned) answered.push(await this.carryOut(call));
    return answered;
  }

  private plan(answerKey: string, { tool_calls: calls }: AgentMessage): readonly PlannedCall[] {
    const keys = this.keys.of(
      answerKey,
      calls.map(({ id }) => id),
    );
    const faultsIn = this.ports.faultsIn.bind(this.ports);
    return calls.map((call, index) => {
      const key = keys[index] ?? '';
      return index < MAX_CALLS ? planCall(call, key, this.offered, faultsIn) : tooMany(call, key, MAX_CALLS);
    });
  }

  private async carryOut(planned: PlannedCall): Promise<AnsweredCall> {
    const { call } = planned;
    this.ctx.emit(...calledEvent(planned));
    if ('refusal' in planned) return this.refuse(planned, planned.refusal);
    const refusal = await this.approvals.refusalOf(planned);
    return refusal ? this.refuse(planned, refusal) : { call, result: await this.call(planned) };
  }

  private refuse({ call, key }: PlannedCall, error: ToolError): AnsweredCall {
    const result: ToolResult = { ok: false, error };
    this.ctx.emit(`completed:${key}`, toolCompleted(key, call, result));
    return { call, result };
  }

  private call(planned: SoundCall): Promise<ToolResult> {
    return planned.tool.in_run ? this.callInRun(planned) : this.callInStep(planned);
  }

  private async callInStep({ call, key, tool, args }: SoundCall): Promise<ToolResult> {
    try {
      return await this.ctx.step(key, (step) => this.ports.callTool(tool.name, args, this.scope, step), {
        onInterrupted: tool.on_interrupted,
        // The model may be asked before; should the result be lost with the process, the tool is called again.
        overlapsCommit: tool.on_interrupted === 'retry',
        completed: (result) => toolCompleted(key, call, result),
        failed: (failure) => toolCompleted(key, call, { ok: false, error: failure }),
      });
    } catch (error) {
      return failedWith(error);
    }
  }

  private async callInRun({ call, key, tool, args }: SoundCall): Promise<ToolResult> {
    const result = await this.resultInRun(key, args, tool.name);
    this.ctx.emit(`completed:${key}`, toolCompleted(key, call, result));
    return result;
  }

  private async resultInRun(key: string, args: SoundCall['args'], name: string): Promise<ToolResult> {
    try {
      const { output } = await this.runTool(name).callInRun(args, this.ctx, key);
      return { ok: true, output };
    } catch (error) {
      if (error instanceof ToolFailure || error instanceof RecordedFailure) return failedWith(error);
      throw error;
    }
  }

  private runTool(name: string): RunTool {
    const tool = name === DELEGATE ? this.delegation : this.ports.findRunTool(name);
    if (tool) return tool;
    throw new ToolFailure('TOOL_UNKNOWN', `There is no tool ${name} any more`);
  }
}

function areSideBySide(calls: readonly PlannedCall[]): boolean {
  return calls.every((call) => 'refusal' in call || call.tool.is_parallel);
}
