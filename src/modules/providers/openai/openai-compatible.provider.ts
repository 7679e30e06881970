import OpenAI from 'openai';
import type { ChatCompletionCreateParamsBase } from 'openai/resources/chat/completions';
import type {
  ModelAnswer,
  ModelCallOptions,
  ModelCapability,
  ModelInfo,
  ModelProvider,
  ModelRequest,
} from '../model-provider.js';
import { modelFailure } from '../model-failures.js';
import { SilenceWatch } from '../silence-watch.js';
import { AnswerAssembly, answerOf } from './openai-answer.js';
import { broken, failureOf, failureOfAbort } from './openai-failures.js';
import { chatMessageOf } from './openai-messages.js';
import type { OpenAiTraits } from './openai-traits.js';

export interface OpenAiAccess {
  readonly apiKey?: string | undefined;
  /** In place of the vendor's own, e.g. a local Ollama or vLLM, which may need no key. */
  readonly baseUrl?: string | undefined;
}

export interface OpenAiLimits {
  /** Calls in flight at once, 1 or more. Default 64. */
  readonly maxConcurrentCalls?: number;
  /** A call that says nothing for so long is given up. Default 120,000. */
  readonly silenceMs?: number;
}

const LISTED_FOR_MS = 60_000;
const CAPABILITIES: readonly ModelCapability[] = ['text', 'streaming'];

/** Any provider that speaks OpenAI's chat completions, through OpenAI's SDK. */
export class OpenAiCompatibleProvider implements ModelProvider {
  readonly capabilities = CAPABILITIES;
  readonly name: string;
  readonly maxConcurrentCalls: number;
  private readonly silenceMs: number;
  private readonly client: OpenAI;
  private firstListed: { readonly model: string; readonly untilMs: number } | undefined;

  constructor(
    private readonly traits: OpenAiTraits,
    private readonly access: OpenAiAccess = {},
    limits: OpenAiLimits = {},
  ) {
    this.name = traits.name;
    this.maxConcurrentCalls = limits.maxConcurrentCalls ?? 64;
    this.silenceMs = limits.silenceMs ?? 120_000;
    this.client = createClient(traits, access, this.silenceMs);
  }

  isUsable(): boolean {
    return this.access.apiKey !== undefined || this.access.baseUrl !== undefined;
  }

  /** A server of one's own has models of its own: the first it lists, asked for once a minute at most. */
  async defaultModel(signal: AbortSignal): Promise<string> {
    if (this.isVendorsOwn) return this.traits.defaultModel;
    if (this.firstListed && performance.now() < this.firstListed.untilMs) return this.firstListed.model;
    const [first] = await this.models(signal);
    if (!first) throw modelFailure('MODEL_REQUEST_REFUSED', `${this.name} lists no model, and none was named`);
    this.firstListed = { model: first.id, untilMs: performance.now() + LISTED_FOR_MS };
    return first.id;
  }

  models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    return this.watched(signal, async (watch) => {
      const page = await this.client.models.list({ signal: watch.signal });
      if (!Array.isArray(page.data)) throw broken('The list of models is not a list');
      return page.data.map(({ id }) => ({ id, capabilities: CAPABILITIES }));
    });
  }

  async *stream(request: ModelRequest, options: ModelCallOptions): AsyncGenerator<string, ModelAnswer, void> {
    const watch = new SilenceWatch(options.signal, this.silenceMs);
    const answer = new AnswerAssembly();
    try {
      const body = { ...this.bodyOf(request), stream: true as const, ...this.usageOption };
      const chunks = await this.client.chat.completions.create(body, callOptions(options, watch));
      for await (const chunk of chunks) {
        watch.heard();
        const piece = answer.add(chunk);
        if (piece !== '') yield piece;
      }
      if (watch.signal.aborted) throw failureOfAbort(watch);
      return answer.finish();
    } catch (error) {
      throw failureOf(error, watch);
    } finally {
      watch.stop();
    }
  }

  generate(request: ModelRequest, options: ModelCallOptions): Promise<ModelAnswer> {
    return this.watched(options.signal, async (watch) => {
      const body = { ...this.bodyOf(request), stream: false as const };
      return answerOf(await this.client.chat.completions.create(body, callOptions(options, watch)));
    });
  }

  private async watched<T>(signal: AbortSignal, call: (watch: SilenceWatch) => Promise<T>): Promise<T> {
    const watch = new SilenceWatch(signal, this.silenceMs);
    try {
      return await call(watch);
    } catch (error) {
      throw failureOf(error, watch);
    } finally {
      watch.stop();
    }
  }

  private get isVendorsOwn(): boolean {
    return this.access.baseUrl === undefined || this.access.baseUrl === this.traits.baseUrl;
  }

  private get usageOption() {
    return this.traits.asksForUsage ? { stream_options: { include_usage: true } } : {};
  }

  private bodyOf(request: ModelRequest): Omit<ChatCompletionCreateParamsBase, 'stream'> {
    const limitField = this.isVendorsOwn ? this.traits.tokenLimitField : 'max_tokens';
    return {
      model: request.model,
      messages: request.messages.map(chatMessageOf),
      ...(request.temperature !== undefined && { temperature: request.temperature }),
      ...(request.maxOutputTokens !== undefined && { [limitField]: request.maxOutputTokens }),
      ...(request.stop?.length && { stop: [...request.stop] }),
    };
  }
}

/** Everything that the SDK would otherwise read from the environment is said here: only src/config reads that. */
function createClient(traits: OpenAiTraits, access: OpenAiAccess, silenceMs: number): OpenAI {
  return new OpenAI({
    apiKey: access.apiKey ?? 'none',
    adminAPIKey: null,
    baseURL: access.baseUrl ?? traits.baseUrl,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: silenceMs,
    logLevel: 'off',
    ...(access.apiKey === undefined && { defaultHeaders: { Authorization: null } }),
  });
}

function callOptions(options: ModelCallOptions, watch: SilenceWatch) {
  return { signal: watch.signal, headers: { 'Idempotency-Key': options.idempotencyKey } };
}
