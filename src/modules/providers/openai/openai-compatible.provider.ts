import OpenAI from 'openai';
import type {
  ModelAnswer,
  ModelCallOptions,
  ModelCapability,
  ModelInfo,
  ModelProvider,
  ModelRequest,
} from '../model-provider.js';
import { broken } from '../call-failures.js';
import { type EmbeddingAnswer, embeddingAnswer, type EmbeddingRequest } from '../embedding/embedding.js';
import { contextOf } from '../finished-answer.js';
import { modelFailure } from '../model-failures.js';
import {
  type CallerAccess,
  DEFAULT_CONCURRENT_CALLS,
  isReachable,
  type ProviderAccess,
  type ProviderLimits,
} from '../provider-access.js';
import type { SilenceWatch } from '../silence-watch.js';
import { WatchedCalls } from '../watched-calls.js';
import { openAiAnswer, OpenAiAnswerAssembly } from './openai-answer.js';
import { chatBody } from './openai-body.js';
import { openAiFailure } from './openai-failures.js';
import { ANY_ID } from './openai-messages.js';
import { chatModels } from './openai-models.js';
import { StructureModes } from './structure-modes.js';
import type { OpenAiTraits } from './openai-traits.js';

const LISTED_FOR_MS = 60_000;

/** Any provider that speaks OpenAI's chat completions, through OpenAI's SDK. */
export class OpenAiCompatibleProvider implements ModelProvider {
  readonly capabilities: readonly ModelCapability[] = ['text', 'vision', 'streaming'];
  readonly name: string;
  readonly maxConcurrentCalls: number;
  private readonly calls: WatchedCalls;
  private readonly client: OpenAI;
  private readonly structures: StructureModes;
  private firstListed: { readonly model: string; readonly untilMs: number } | undefined;

  constructor(
    private readonly traits: OpenAiTraits,
    private readonly access: ProviderAccess = {},
    private readonly limits: ProviderLimits = {},
  ) {
    this.name = traits.name;
    this.maxConcurrentCalls = access.maxConcurrentCalls ?? DEFAULT_CONCURRENT_CALLS;
    this.calls = new WatchedCalls(openAiFailure, limits.silenceMs);
    this.client = createClient(traits, access, this.calls.silenceMs);
    this.structures = new StructureModes(this.isVendorsOwn ? traits.structureMode : undefined);
  }

  withAccess(access: CallerAccess): ModelProvider {
    return new OpenAiCompatibleProvider(this.traits, { ...this.access, ...access }, this.limits);
  }

  isUsable(): boolean {
    return isReachable(this.access);
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
    return this.calls.once(signal, async (watch) => {
      const page = await this.client.models.list({ signal: watch.signal });
      if (!Array.isArray(page.data)) throw broken('The list of models is not a list');
      return chatModels(page.data, this.traits);
    });
  }

  stream(request: ModelRequest, options: ModelCallOptions): AsyncGenerator<string, ModelAnswer, void> {
    const body = { ...this.bodyOf(request), stream: true as const, ...this.usageOption };
    const open = (watch: SilenceWatch) =>
      this.structures.watch(request, () => this.client.chat.completions.create(body, callOptions(options, watch)));
    return this.calls.stream(options.signal, open, new OpenAiAnswerAssembly(contextOf(request, options)));
  }

  generate(request: ModelRequest, options: ModelCallOptions): Promise<ModelAnswer> {
    const body = { ...this.bodyOf(request), stream: false as const };
    return this.calls.once(options.signal, async (watch) => {
      const call = () => this.client.chat.completions.create(body, callOptions(options, watch));
      return openAiAnswer(await this.structures.watch(request, call), contextOf(request, options));
    });
  }

  embed(request: EmbeddingRequest, options: ModelCallOptions): Promise<EmbeddingAnswer> {
    // Not all who are compatible know the shorter format that the SDK asks for by itself.
    const body = { model: request.model, input: [...request.texts], encoding_format: 'float' as const };
    return this.calls.once(options.signal, async (watch) => {
      const { data, usage } = await this.client.embeddings.create(body, callOptions(options, watch));
      if (!Array.isArray(data)) throw broken('The answer has no list of vectors');
      const vectors = data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding);
      return embeddingAnswer(request, vectors, (usage as typeof usage | undefined)?.prompt_tokens);
    });
  }

  private get isVendorsOwn(): boolean {
    return this.access.baseUrl === undefined || this.access.baseUrl === this.traits.baseUrl;
  }

  private get usageOption() {
    return this.traits.asksForUsage ? { stream_options: { include_usage: true } } : {};
  }

  private bodyOf(request: ModelRequest) {
    return chatBody(request, {
      limitField: this.isVendorsOwn ? this.traits.tokenLimitField : 'max_tokens',
      structure: this.structures.modeFor(request.model),
      idOf: this.traits.toolCallIds ?? ANY_ID,
    });
  }
}

/** Everything that the SDK would otherwise read from the environment is said here: only src/config reads that. */
function createClient(traits: OpenAiTraits, access: ProviderAccess, silenceMs: number): OpenAI {
  return new OpenAI({
    apiKey: access.apiKey ?? 'none',
    adminAPIKey: null,
    baseURL: access.baseUrl ?? traits.baseUrl,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    timeout: silenceMs,
    ...(access.fetch && { fetch: access.fetch }),
    logLevel: 'off',
    ...(access.apiKey === undefined && { defaultHeaders: { Authorization: null } }),
  });
}

function callOptions(options: ModelCallOptions, watch: SilenceWatch) {
  return { signal: watch.signal, headers: { 'Idempotency-Key': options.idempotencyKey } };
}
