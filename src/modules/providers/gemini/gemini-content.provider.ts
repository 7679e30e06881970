import { GoogleGenAI, type HttpOptions, type Model } from '@google/genai';
import { type EmbeddingAnswer, embeddingAnswer, type EmbeddingRequest } from '../embedding/embedding.js';
import { contextOf } from '../finished-answer.js';
import type {
  ModelAnswer,
  ModelCallOptions,
  ModelCapability,
  ModelInfo,
  ModelProvider,
  ModelRequest,
} from '../model-provider.js';
import {
  type CallerAccess,
  DEFAULT_CONCURRENT_CALLS,
  isReachable,
  type ProviderAccess,
  type ProviderLimits,
} from '../provider-access.js';
import type { SilenceWatch } from '../silence-watch.js';
import { WatchedCalls } from '../watched-calls.js';
import { geminiAnswer, GeminiAnswerAssembly } from './gemini-answer.js';
import { geminiConfig } from './gemini-config.js';
import { geminiContents } from './gemini-contents.js';
import { geminiFailure } from './gemini-failures.js';
import { geminiFetch } from './gemini-fetch.js';

const BASE_URL = 'https://generativelanguage.googleapis.com';
const DEFAULT_MODEL = 'gemini-3.8-flash';
const CAPABILITIES: readonly ModelCapability[] = ['text', 'vision', 'streaming'];

/** Gemini by generateContent, through Google's SDK. */
export class GeminiContentProvider implements ModelProvider {
  readonly name = 'Gemini';
  readonly capabilities = CAPABILITIES;
  readonly maxConcurrentCalls: number;
  private readonly calls: WatchedCalls;
  private readonly client: GoogleGenAI;

  constructor(
    private readonly access: ProviderAccess = {},
    private readonly limits: ProviderLimits = {},
  ) {
    this.maxConcurrentCalls = access.maxConcurrentCalls ?? DEFAULT_CONCURRENT_CALLS;
    this.calls = new WatchedCalls(geminiFailure, limits.silenceMs);
    this.client = createClient(access);
  }

  withAccess(access: CallerAccess): ModelProvider {
    return new GeminiContentProvider({ ...this.access, ...access }, this.limits);
  }

  isUsable(): boolean {
    return isReachable(this.access);
  }

  async defaultModel(): Promise<string> {
    return DEFAULT_MODEL;
  }

  models(signal: AbortSignal): Promise<readonly ModelInfo[]> {
    return this.calls.once(signal, async (watch) => {
      const config = { pageSize: 1000, abortSignal: watch.signal };
      const page = await this.client.models.list({ config });
      return page.page.filter(isForContent).map(infoOf);
    });
  }

  stream(request: ModelRequest, options: ModelCallOptions): AsyncGenerator<string, ModelAnswer, void> {
    const open = (watch: SilenceWatch) => this.client.models.generateContentStream(callOf(request, options, watch));
    return this.calls.stream(options.signal, open, new GeminiAnswerAssembly(contextOf(request, options)));
  }

  generate(request: ModelRequest, options: ModelCallOptions): Promise<ModelAnswer> {
    return this.calls.once(options.signal, async (watch) =>
      geminiAnswer(
        await this.client.models.generateContent(callOf(request, options, watch)),
        contextOf(request, options),
      ),
    );
  }

  embed(request: EmbeddingRequest, options: ModelCallOptions): Promise<EmbeddingAnswer> {
    return this.calls.once(options.signal, async (watch) => {
      const config = callConfig(options, watch);
      const contents = request.texts.map((text) => ({ role: 'user', parts: [{ text }] }));
      const answer = await this.client.models.embedContent({ model: request.model, contents, config });
      const vectors = (answer.embeddings ?? []).map(({ values }) => values);
      return embeddingAnswer(request, vectors, answer.usageMetadata?.promptTokenCount);
    });
  }
}

/** Everything that the SDK would otherwise read from the environment is said here. Without `retryOptions` it never retries. */
function createClient({ apiKey, baseUrl, fetch }: ProviderAccess): GoogleGenAI {
  const httpOptions: HttpOptions = { baseUrl: baseUrl ?? BASE_URL, fetch: geminiFetch(fetch) };
  return new GoogleGenAI({ enterprise: false, apiKey: apiKey ?? 'none', apiVersion: 'v1beta', httpOptions });
}

function callOf(request: ModelRequest, options: ModelCallOptions, watch: SilenceWatch) {
  const config = { ...geminiConfig(request), ...callConfig(options, watch) };
  return { model: request.model, contents: geminiContents(request.messages), config };
}

function callConfig({ idempotencyKey }: ModelCallOptions, { signal }: SilenceWatch) {
  return { abortSignal: signal, httpOptions: { headers: { 'Idempotency-Key': idempotencyKey } } };
}

function isForContent({ name, supportedActions }: Model): boolean {
  return name !== undefined && (supportedActions?.includes('generateContent') ?? true);
}

function infoOf({ name = '' }: Model): ModelInfo {
  return { id: name.replace(/^models\//, ''), capabilities: CAPABILITIES };
}
