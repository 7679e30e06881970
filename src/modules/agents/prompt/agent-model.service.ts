import { Injectable } from '@nestjs/common';
import { type StepContext, StepHeld } from '../../../engine/index.js';
import { whenDatabaseAnswers } from '../../execution/database-in-step.js';
import type { BehaviorInForce } from '../../behavior/behavior-reader.js';
import type { MadeModelCall, ModelCall } from '../../providers/model-calls.service.js';
import { MeteredModelCalls } from '../../usage/metered-model-calls.js';
import type { UsageScope } from '../../usage/usage-scope.js';
import type { AgentScope, HistoryRange, Question } from '../program/agent-ports.js';
import type { AgentMessage, AgentRunInput } from '../program/agent-run.js';
import { AgentRooms } from '../rooms/agent-rooms.js';
import { AgentHistory } from '../sessions/agent-history.service.js';
import { AgentPrompts } from './agent-prompts.service.js';
import { modelWishes } from './model-wishes.js';
import { summaryRequest } from './summary-request.js';
import type { WireNames } from './wire-names.js';

/** Makes the model calls of agents, inside steps. */
@Injectable()
export class AgentModel {
  constructor(
    private readonly prompts: AgentPrompts,
    private readonly history: AgentHistory,
    private readonly calls: MeteredModelCalls,
    private readonly rooms: AgentRooms,
  ) {}

  /** Streams what is written. @throws {StepFailure} */
  async ask(question: Question, scope: AgentScope, step: StepContext): Promise<AgentMessage> {
    this.calls.foresee(scope.runId);
    const [{ request, names, behavior }] = await whenDatabaseAnswers(step.signal, () =>
      Promise.all([this.prompts.promptFor(question, scope), this.rooms.showText(question.input, scope.runId)]),
    );
    const made = await this.make(request, question.input, scope, step, (text) => step.chunk(text));
    return { ...messageOf(made, names), ...shown(behavior) };
  }

  /** @throws {StepFailure} when no model is to be had for it */
  async summarize(
    input: AgentRunInput,
    { summarized_to: after, fold_to: to }: HistoryRange,
    scope: AgentScope,
    step: StepContext,
  ): Promise<string> {
    const request = await whenDatabaseAnswers(step.signal, async () => {
      const { room, session_id: sessionId = '' } = input;
      const earlier = room ? await this.rooms.read(room, after, to) : await this.history.read(sessionId, after, to);
      return summaryRequest(earlier, (await this.prompts.budgetOf(input.agent, scope)).total);
    });
    const made = this.make(request, input, scope, step, () => undefined);
    return (await made.catch((error: unknown) => this.putOff(error, input, step))).text.trim();
  }

  /** A room's turns would each try again. One that was stopped, or waits for its budget, has not failed. */
  private async putOff(error: unknown, { room }: AgentRunInput, { signal }: StepContext): Promise<never> {
    const hasFailed = !signal.aborted && !(error instanceof StepHeld);
    if (room && hasFailed) await whenDatabaseAnswers(signal, () => this.rooms.putOffFolding(room));
    throw error;
  }

  private make(
    request: ModelCall['request'],
    { agent, agent_id }: AgentRunInput,
    { ownerId, projectId, runId }: AgentScope,
    step: StepContext,
    onText: (text: string) => void,
  ): Promise<MadeModelCall> {
    const account = { ownerId, projectId };
    const scope: UsageScope = { ...account, runId, agentId: agent_id ?? null, stepKey: step.key };
    return this.calls.stream({ request, ...modelWishes(agent), account }, scope, step, onText);
  }
}

function shown(behavior: BehaviorInForce | undefined): Pick<AgentMessage, 'behavior'> {
  if (!behavior) return {};
  const { system, project, user } = behavior.versions;
  if (system + project + user === 0) return {};
  const rules = behavior.rules.map(({ id }) => id);
  return { behavior: { version: user, project_version: project, system_version: system, rules } };
}

function messageOf(
  { text, toolCalls, finishReason, providerId, model, usage }: MadeModelCall,
  names: WireNames,
): AgentMessage {
  return {
    text,
    tool_calls: toolCalls.map(({ id, name, argumentsText, signature }) => ({
      id,
      name: names.fromWire(name),
      arguments: argumentsText,
      ...(signature !== undefined && { signature }),
    })),
    finish_reason: finishReason,
    provider_id: providerId,
    model,
    usage: usage ? { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens } : null,
  };
}
