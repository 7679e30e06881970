import type { AgentDefinition } from '../definitions/agent-definition.js';

export const AGENT_KIND = 'agent';

/** Something that came with the instruction: a text, or an image by `artifact:<id>` or address. */
export interface AgentAttachment {
  readonly name: string;
  readonly text?: string;
  readonly image?: string;
}

/** An agent that is at work above this one. */
export interface ChainLink {
  /** Null: nobody has saved it. */
  readonly agent_id: string | null;
  readonly name: string;
}

/** The place where an agent speaks with others: what was said there comes in place of a conversation's history. */
export interface AgentRoom {
  /** Of the stream of the room. */
  readonly stream: string;
  readonly id: string;
  readonly member_id: string;
  readonly turn_id: string;
  readonly alias: string;
  /** Up to which message it listens. */
  readonly heard_to: number;
  /** Where the model is to stop. */
  readonly stop: readonly string[];
}

/** A stream whose subscribers see what the agent writes, with these marks. */
export interface ShownIn {
  readonly stream: string;
  readonly marks: Readonly<Record<string, string | null>>;
}

/** What an agent run is started with: the definition whole, so that later changes of it do not reach the run. */
export interface AgentRunInput {
  readonly instruction: string;
  readonly agent: AgentDefinition;
  readonly agent_id?: string;
  readonly agent_version?: number;
  readonly attachments?: readonly AgentAttachment[];
  /** The conversation that it goes on with. */
  readonly session_id?: string;
  readonly room?: AgentRoom;
  readonly shown_in?: ShownIn;
  /** Who delegated to whom, the outermost first. */
  readonly chain?: readonly ChainLink[];
}

export interface AgentRunOutput {
  readonly output: string;
  /** What `output` says as JSON, when the agent has an output schema. */
  readonly structured?: unknown;
  /** The last answer was cut at `max_output_tokens`. */
  readonly truncated?: true;
  /** Of an agent in a room: what its answer took. */
  readonly spent?: { readonly input_tokens: number; readonly output_tokens: number; readonly tool_calls: number };
  readonly session_id: string | null;
}

/** A call of a tool as the model wrote it. */
export interface AgentToolCall {
  /** The model's own; not always unique within a run. */
  readonly id: string;
  /** In the registry. */
  readonly name: string;
  /** Perhaps no JSON. */
  readonly arguments: string;
  readonly signature?: string;
}

/** Which rules the model was shown with a call. */
export interface ShownBehavior {
  /** Of the owner's profile; 0: it had none. */
  readonly version: number;
  readonly project_version: number;
  readonly system_version: number;
  /** Their ids, in order. */
  readonly rules: readonly string[];
}

/** One answer of the model, as `agent.message` has it. */
export interface AgentMessage {
  readonly text: string;
  readonly tool_calls: readonly AgentToolCall[];
  readonly finish_reason: 'stop' | 'length' | 'tool_calls';
  readonly provider_id: string;
  readonly model: string;
  /** Null when the provider does not tell. */
  readonly usage: { readonly input_tokens: number; readonly output_tokens: number } | null;
  /** Absent where nobody has made any rules, or the agent goes by none. */
  readonly behavior?: ShownBehavior;
}

export interface ToolError {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What became of one call, as `agent.tool.completed` has it. */
export type ToolResult = (
  | { readonly ok: true; readonly output: unknown; readonly artifacts?: readonly ToolArtifactReference[] }
  | { readonly ok: false; readonly error: ToolError }
) & {
  /** Of a promoted tool: the version that was in force. */
  readonly tool_version?: number;
};

export interface ToolArtifactReference {
  readonly artifact_id: string;
  readonly media_type: string;
}

export interface AnsweredCall {
  readonly call: AgentToolCall;
  readonly result: ToolResult;
}

/** What was said since the instruction: an answer with what its calls brought, or something the program adds. */
export type Exchange =
  { readonly message: AgentMessage; readonly results: readonly AnsweredCall[] } | { readonly added: string };
