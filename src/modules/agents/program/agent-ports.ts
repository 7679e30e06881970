import type { StepContext } from '../../../engine/index.js';
import type { RecalledItem } from '../../memory/recall/recalled-item.js';
import type { RunTool } from '../../tools/tool.js';
import type { AgentDefinition } from '../definitions/agent-definition.js';
import type { AgentMessage, AgentRoom, AgentRunInput, Exchange, ToolResult } from './agent-run.js';

/** Whose run it is. */
export interface AgentScope {
  readonly ownerId: string;
  readonly projectId: string | null;
  readonly runId: string;
  readonly traceId: string;
}

/** A tool as it was when the run began. Part of the journal. */
export interface OfferedTool {
  readonly name: string;
  readonly version: number;
  readonly description: string;
  readonly input_schema: Readonly<Record<string, unknown>>;
  readonly approval: 'never' | 'always' | 'first_use';
  readonly on_interrupted: 'retry' | 'ask' | 'fail';
  readonly is_parallel: boolean;
  /** It waits, sleeps or starts runs, and so is more than a step. */
  readonly in_run?: true;
}

export interface OfferedDelegate {
  readonly agent_id: string;
  /** Its own among the delegates. */
  readonly name: string;
  readonly description: string;
}

/** Which part of a conversation the run goes on with. Messages are numbered from 1. */
export interface HistoryRange {
  /** Up to here the summary of the session stands for them. */
  readonly summarized_to: number;
  /** Up to here they no longer fit and are to be summarised too; 0 when all fit. */
  readonly fold_to: number;
  readonly last: number;
}

/** What is settled before the first model call. Part of the journal. */
export interface Preparation {
  readonly tools: readonly OfferedTool[];
  /** Tools of the definition that are not there any more. */
  readonly missing: readonly string[];
  readonly delegates: readonly OfferedDelegate[];
  /** Null: nothing was said before. */
  readonly history: HistoryRange | null;
}

/** What became of the turns that no longer fit. */
export type Folded = { readonly summary: string } | { readonly cut: true };

export interface Question {
  readonly input: AgentRunInput;
  readonly preparation: Preparation;
  /** Of memory; absent: the agent recalls nothing. */
  readonly recalled?: readonly RecalledItem[];
  readonly folded: Folded | undefined;
  readonly exchanges: readonly Exchange[];
  readonly mayCallTools: boolean;
}

export interface SchemaFault {
  readonly path: string;
  readonly message: string;
}

export interface PlannedDelegation {
  readonly agent: AgentDefinition;
  readonly agent_version: number;
}

export interface FinishedTurn {
  readonly sessionId: string;
  /** Of the run: it may be a repetition of somebody else's. */
  readonly ownerId: string;
  readonly runId: string;
  readonly instruction: string;
  readonly output: string;
  /** Put in place of the messages up to `to`. */
  readonly summary?: { readonly text: string; readonly to: number };
  /** Absent: the agent does not write to memory. */
  readonly remember?: {
    readonly agent: AgentDefinition;
    readonly agentId: string | null;
    readonly projectId: string | null;
    readonly traceId: string;
  };
}

/** What the agent program needs from outside. All but the last two are called inside steps. */
export interface AgentPorts {
  prepare(input: AgentRunInput, scope: AgentScope, step: StepContext): Promise<Preparation>;
  /** What memory has on the instruction; in a room, on what was said last. */
  recall(input: AgentRunInput, scope: AgentScope, step: StepContext): Promise<readonly RecalledItem[]>;
  /** @throws {StepFailure} when no model is to be had for it */
  summarize(input: AgentRunInput, history: HistoryRange, scope: AgentScope, step: StepContext): Promise<string>;
  /** @throws {StepFailure} */
  ask(question: Question, scope: AgentScope, step: StepContext): Promise<AgentMessage>;
  /** Never throws for what the tool does. */
  callTool(
    name: string,
    args: Readonly<Record<string, unknown>>,
    scope: AgentScope,
    step: StepContext,
  ): Promise<ToolResult>;
  /** @throws {StepFailure} when it is not there any more */
  planDelegation(agentId: string, scope: AgentScope, step: StepContext): Promise<PlannedDelegation>;
  /** @param manager of the transaction */
  saveTurn(manager: unknown, turn: FinishedTurn): Promise<void>;
  /** @param manager of the transaction */
  saveRoomSummary(manager: unknown, room: AgentRoom, summary: { text: string; to: number }): Promise<void>;
  /** Pure. */
  faultsIn(schema: Readonly<Record<string, unknown>>, value: unknown): readonly SchemaFault[];
  /** By name; undefined when this process has no such tool. Does no I/O. */
  findRunTool(name: string): RunTool | undefined;
}
