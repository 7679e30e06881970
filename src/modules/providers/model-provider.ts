import type { ModelContent } from './model-content.js';

/** One message of the conversation that a model is to continue. */
export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant';
  /** Images only from the user. */
  readonly content: ModelContent;
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
}

export interface ModelCallOptions {
  /** Aborting closes the connection. */
  readonly signal: AbortSignal;
  /** The same in each attempt of one call. */
  readonly idempotencyKey: string;
}

export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface ModelAnswer {
  readonly text: string;
  /** `length`: the answer was cut at `maxOutputTokens`. */
  readonly finishReason: 'stop' | 'length';
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
}
