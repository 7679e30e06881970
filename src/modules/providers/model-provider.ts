import type { EmbeddingAnswer, EmbeddingRequest } from './embedding/embedding.js';
import type { ModelContent } from './model-content.js';
import type { CallerAccess } from './provider-access.js';

/** A JSON Schema (2020-12). */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool that the model may call. */
export interface ModelTool {
  /** `^[a-zA-Z0-9_-]{1,64}$`, which is what all providers take. */
  readonly name: string;
  readonly description: string;
  /** Of an object. */
  readonly inputSchema: JsonSchema;
}

/** A call of a tool that the model asks for. */
export interface ModelToolCall {
  /** Unique within its answer: the provider's, or one of ours where it gives none. */
  readonly id: string;
  readonly name: string;
  /** As the model wrote it: perhaps no JSON, perhaps not what the tool's schema wants. */
  readonly argumentsText: string;
  /** Opaque; handed back to the same provider with the conversation. */
  readonly signature?: string;
}

/** One message of the conversation that a model is to continue. */
export type ModelMessage =
  | { readonly role: 'system' | 'user'; readonly content: ModelContent }
  | { readonly role: 'assistant'; readonly content: ModelContent; readonly toolCalls?: readonly ModelToolCall[] }
  | ToolResultMessage;

/** What became of one call of the assistant message before it. */
export interface ToolResultMessage {
  readonly role: 'tool';
  readonly toolCallId: string;
  readonly toolName: string;
  readonly content: ModelContent;
  readonly isError?: boolean;
}

export interface ModelRequest {
  /** Passed through as it is, listed or not. */
  readonly model: string;
  readonly messages: readonly ModelMessage[];
  /** 0 to 2. Absent: the provider's own default. */
  readonly temperature?: number;
  readonly maxOutputTokens?: number;
  /** The answer ends before the first of these. At most 4. */
  readonly stop?: readonly string[];
  readonly tools?: readonly ModelTool[];
  /** Default `auto`. `required`: it has to call one. Counts only when there are tools. */
  readonly toolChoice?: 'auto' | 'none' | 'required';
  /** The text is to be JSON that satisfies this. What a provider cannot enforce it is asked for in words: check it. */
  readonly outputSchema?: { readonly name: string; readonly schema: JsonSchema };
}

export interface ModelCallOptions {
  /** Aborting closes the connection. */
  readonly signal: AbortSignal;
  /** The same in each attempt of one call. */
  readonly idempotencyKey: string;
}

export interface ModelUsage {
  /** All of them, those from a cache and those written into it included. */
  readonly inputTokens: number;
  /** All of them, the model's unseen thoughts included. */
  readonly outputTokens: number;
  /** Of the input: read from the provider's cache. Absent when it does not tell. */
  readonly cachedInputTokens?: number;
  /** Of the input: written into the provider's cache. */
  readonly cacheWriteInputTokens?: number;
  /** Of the output: thoughts. */
  readonly reasoningTokens?: number;
}

export interface ModelAnswer {
  /** May be empty when there are tool calls. */
  readonly text: string;
  /** In the order in which the model asked for them. Cut short with the answer when it ended by `length`. */
  readonly toolCalls: readonly ModelToolCall[];
  /** `length`: the answer was cut at `maxOutputTokens`. */
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
  /** Undefined when the provider does not tell. */
  readonly usage: ModelUsage | undefined;
}

export type ModelCapability = 'text' | 'vision' | 'image' | 'streaming';

export interface ModelInfo {
  readonly id: string;
  readonly capabilities: readonly ModelCapability[];
}

/**
 * A source of model answers. Register one by `@ModelProvider(id)` on a Nest provider class.
 *
 * Both calls reject with the engine's `StepFailure`, which says whether the failure may be tried again and when.
 * A model that refuses to answer is the failure `MODEL_REFUSED`, which is final.
 * A provider never tries again by itself: the engine does, and records it.
 */
export interface ModelProvider {
  readonly name: string;
  readonly capabilities: readonly ModelCapability[];
  /** Calls in flight at once in this process; more wait their turn. */
  readonly maxConcurrentCalls: number;
  /** False when a key or an address is missing. */
  isUsable(): boolean;
  /** What is called when nobody names a model. */
  defaultModel(signal: AbortSignal): Promise<string>;
  models(signal: AbortSignal): Promise<readonly ModelInfo[]>;
  /** Yields the pieces of the text as they come and returns the whole answer. */
  stream(request: ModelRequest, options: ModelCallOptions): AsyncGenerator<string, ModelAnswer, void>;
  generate(request: ModelRequest, options: ModelCallOptions): Promise<ModelAnswer>;
  /** Makes vectors of texts. Absent: it cannot. */
  embed?(request: EmbeddingRequest, options: ModelCallOptions): Promise<EmbeddingAnswer>;
  /** The same, called by somebody else's key. Absent: it takes none. */
  withAccess?(access: CallerAccess): ModelProvider;
}
