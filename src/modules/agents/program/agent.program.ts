import {
  type FailureInfo,
  RecordedFailure,
  type RunContext,
  RunFailure,
  type StepContext,
} from '../../../engine/index.js';
import type { RecalledItem } from '../../memory/recall/recalled-item.js';
import { agentStarted, memoryRecalled } from './agent-events.js';
import type { AgentPorts, AgentScope, FinishedTurn, Folded, Preparation } from './agent-ports.js';
import type { AgentMessage, AgentRunInput, AgentRunOutput, Exchange } from './agent-run.js';
import { messageStep, MODEL_STEP } from './agent-steps.js';
import { readStructured, repairRequest, type StructuredAnswer } from './structured-answer.js';
import { ToolRound } from './tool-round.js';

const CONCLUDE = 'There are no more calls of tools. Conclude now, with what you know, and say what is left open.';

/** One run of an agent: the model is asked, its calls of tools are carried out, until it answers without any. */
export class AgentRun {
  private readonly scope: AgentScope;
  private readonly exchanges: Exchange[] = [];
  private recalled: readonly RecalledItem[] | undefined;
  private modelCalls = 0;
  private lastText = '';
  private spent = { input_tokens: 0, output_tokens: 0, tool_calls: 0 };

  constructor(
    private readonly ctx: RunContext,
    private readonly input: AgentRunInput,
    private readonly ports: AgentPorts,
  ) {
    const { ownerId, projectId, runId, traceId } = ctx;
    this.scope = { ownerId, projectId, runId, traceId };
  }

  /** @throws {RunFailure} with what was said up to then */
  async run(): Promise<AgentRunOutput> {
    const preparation = await this.ctx.step('prepare', (step) => this.ports.prepare(this.input, this.scope, step), {
      completed: (prepared) => agentStarted(this.input, prepared),
      overlapsCommit: true,
    });
    this.recalled = await this.recall();
    const folded = await this.foldHistory(preparation);
    const answer = await this.converse(preparation, folded);
    const final = await this.withStructure(answer, preparation, folded);
    await this.save(final.message, preparation, folded);
    return this.outputOf(final.message, final.structured);
  }

  private async recall(): Promise<readonly RecalledItem[] | undefined> {
    // Runs of version 1 recalled nothing.
    if (!this.input.agent.memory.recall || this.ctx.version < 2) return undefined;
    const work = (step: StepContext) => this.ports.recall(this.input, this.scope, step);
    const completed = (items: readonly RecalledItem[]) => memoryRecalled('recall', items);
    return this.ctx.step('recall', work, { completed, overlapsCommit: true });
  }

  /** What no longer fits is summarised; where that cannot be, it is left out. */
  private async foldHistory({ history }: Preparation): Promise<Folded | undefined> {
    if (history === null || history.fold_to === 0) return undefined;
    const work = (step: StepContext) => this.ports.summarize(this.input, history, this.scope, step);
    try {
      return { summary: await this.ctx.step('summary', work, MODEL_STEP) };
    } catch (error) {
      if (error instanceof RecordedFailure) return { cut: true };
      throw error;
    }
  }

  private async converse(preparation: Preparation, folded: Folded | undefined): Promise<AgentMessage> {
    const tools = new ToolRound(this.ctx, this.input, preparation, this.ports, this.scope);
    for (let round = 1; round <= this.input.agent.max_iterations; round += 1) {
      const message = await this.ask(preparation, folded, tools);
      if (message.tool_calls.length === 0) return message;
      this.exchanges.push({ message, results: await tools.answer(this.answerKey, message) });
    }
    return this.conclude(preparation, folded);
  }

  private async conclude(preparation: Preparation, folded: Folded | undefined): Promise<AgentMessage> {
    this.exchanges.push({ added: CONCLUDE });
    const message = await this.ask(preparation, folded);
    if (message.text.trim() !== '') return { ...message, tool_calls: [] };
    const most = this.input.agent.max_iterations;
    const words = `The agent has not come to an end within ${most} iterations`;
    throw this.failure({ code: 'ITERATIONS_EXHAUSTED', message: words, details: { max_iterations: most } });
  }

  /** One more try when the answer has not the form that its schema asks for. */
  private async withStructure(
    message: AgentMessage,
    preparation: Preparation,
    folded: Folded | undefined,
  ): Promise<{ message: AgentMessage; structured?: { value: unknown } }> {
    const first = this.read(message);
    if (first === undefined) return { message };
    if (first.ok) return { message, structured: first };
    this.exchanges.push({ message, results: [] }, { added: repairRequest(first.faults) });
    const repaired = await this.ask(preparation, folded);
    const second = this.read(repaired);
    if (second?.ok) return { message: repaired, structured: second };
    const words = 'The agent did not answer in the form that its output schema asks for';
    throw this.failure({ code: 'OUTPUT_SCHEMA_MISMATCH', message: words, details: { errors: second?.faults ?? [] } });
  }

  private read({ text }: AgentMessage): StructuredAnswer | undefined {
    const { output_schema: schema } = this.input.agent;
    return schema === null ? undefined : readStructured(text, (value) => this.ports.faultsIn(schema, value));
  }

  /** Of the step that answered last. */
  private get answerKey(): string {
    return `llm:${this.modelCalls}`;
  }

  private async ask(preparation: Preparation, folded: Folded | undefined, tools?: ToolRound): Promise<AgentMessage> {
    this.modelCalls += 1;
    const key = this.answerKey;
    const mayCallTools = tools !== undefined;
    const { input, recalled } = this;
    const known = { input, preparation, folded, ...(recalled && { recalled }) };
    const question = { ...known, exchanges: [...this.exchanges], mayCallTools };
    const options = messageStep(key, (message) => tools?.first(key, message) ?? []);
    try {
      const message = await this.ctx.step(key, (step) => this.ports.ask(question, this.scope, step), options);
      this.lastText = message.text;
      this.spend(message);
      return message;
    } catch (error) {
      if (error instanceof RecordedFailure) throw this.failure(error.info);
      throw error;
    }
  }

  /** In one transaction, so that the conversation has the turn exactly once. */
  private async save({ text }: AgentMessage, { history }: Preparation, folded: Folded | undefined): Promise<void> {
    const { session_id: sessionId, instruction, room } = this.input;
    const summary = folded && 'summary' in folded && { text: folded.summary, to: history?.fold_to ?? 0 };
    if (room && summary) {
      await this.ctx.transact('room', (manager) => this.ports.saveRoomSummary(manager, room, summary));
    }
    if (sessionId === undefined) return;
    const { ownerId, runId } = this.scope;
    const said = { sessionId, ownerId, runId, instruction, output: text };
    const turn = { ...said, ...(summary && { summary }), ...this.remembering() };
    await this.ctx.transact('session', (manager) => this.ports.saveTurn(manager, turn));
  }

  private remembering(): Pick<FinishedTurn, 'remember'> {
    const { agent, agent_id: agentId = null } = this.input;
    const { projectId, traceId } = this.scope;
    return agent.memory.write ? { remember: { agent, agentId, projectId, traceId } } : {};
  }

  private outputOf(message: AgentMessage, structured: { value: unknown } | undefined): AgentRunOutput {
    return {
      output: message.text,
      ...(structured && { structured: structured.value }),
      ...(message.finish_reason === 'length' && { truncated: true as const }),
      ...(this.input.room && { spent: this.spent }),
      session_id: this.input.session_id ?? null,
    };
  }

  private spend({ usage, tool_calls: calls }: AgentMessage): void {
    const { input_tokens, output_tokens, tool_calls } = this.spent;
    this.spent = {
      input_tokens: input_tokens + (usage?.input_tokens ?? 0),
      output_tokens: output_tokens + (usage?.output_tokens ?? 0),
      tool_calls: tool_calls + calls.length,
    };
  }

  private failure(info: FailureInfo): RunFailure {
    const output = { output: this.lastText, session_id: this.input.session_id ?? null };
    return new RunFailure(info, output satisfies AgentRunOutput);
  }
}
