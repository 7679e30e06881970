import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { playAnswer } from './answer-player.js';
import { CallLog, type CallCounts, type RecordedCall } from './call-log.js';
import { answerControl } from './control-api.js';
import { ANTHROPIC_PROTOCOL } from './anthropic-protocol.js';
import { bagOfWords, EMBEDDING_PROTOCOLS, type SameMeaning } from './embeddings.js';
import { FluxDesk } from './flux-desk.js';
import { GEMINI_PROTOCOL } from './gemini-protocol.js';
import { sendModels } from './model-lists.js';
import { OPENAI_PROTOCOL } from './openai-protocol.js';
import type { AskedCall, Protocol } from './protocol.js';
import { Script, type ScriptedAnswer, type ScriptRule } from './script.js';

const PROTOCOLS = [OPENAI_PROTOCOL, ANTHROPIC_PROTOCOL, GEMINI_PROTOCOL];

/**
 * A model server on loopback: OpenAI's chat completions, Anthropic's Messages and Gemini's generateContent, streamed and
 * not, Flux as Fireworks serves it, and vectors of texts, all by a script that can go wrong in every way.
 *
 * It answers each call, counts them by idempotency key and by content, and remembers when they came.
 */
export class ModelServer {
  readonly log = new CallLog();
  readonly script = new Script();
  readonly flux = new FluxDesk();
  /** Keys that are answered by 401, which repeats them, for calls and for the list of models. */
  readonly refusedKeys = new Set<string>();
  /** Words that mean the same in vectors. */
  meanings: readonly SameMeaning[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer({ noDelay: true }, (request, response) => {
      response.on('error', () => undefined); // A client that hung up is recorded as such, by the event `close`.
      this.answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(options: { port?: number } = {}): Promise<ModelServer> {
    const server = new ModelServer();
    await new Promise<void>((resolve, reject) => {
      server.server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    return server;
  }

  /** `http://127.0.0.1:<port>`, where the control API is; what `ANTHROPIC_BASE_URL` and `GEMINI_BASE_URL` want. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What `OPENAI_BASE_URL` wants. */
  get baseUrl(): string {
    return `${this.url}/v1`;
  }

  /** What `FIREWORKS_BASE_URL` wants. */
  get fireworksUrl(): string {
    return `${this.url}/inference/v1`;
  }

  /** Puts these rules in place of all others. */
  setScript(...rules: ScriptRule[]): void {
    this.script.set(rules);
  }

  get calls(): readonly RecordedCall[] {
    return this.log.list();
  }

  get counts(): CallCounts {
    return this.log.counts();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? 'GET';
    const body = (await readJson(request)) ?? {};
    if (pathname.startsWith('/_control/')) return answerControl(this, method, pathname, body, response);
    if (this.refuse(request, response)) return;
    if (sendModels(method, pathname, request.headers, response)) return;
    if (this.flux.answer(method, pathname, body, this.url, response)) return;
    await this.serve({ request, response, method, pathname, body: body as Record<string, unknown> });
  }

  private refuse(request: IncomingMessage, response: ServerResponse): boolean {
    const key = keyOf(request)?.replace(/^Bearer /, '') ?? '';
    if (!this.refusedKeys.has(key)) return false;
    const error = OPENAI_PROTOCOL.error(401, `Incorrect API key provided: ${key}`);
    response.writeHead(401, { 'content-type': 'application/json' }).end(error);
    return true;
  }

  private async serve(received: Received): Promise<void> {
    const { method, pathname, body, response } = received;
    if (await this.embed(received)) return;
    const model = this.flux.modelOf(method, pathname);
    if (model !== undefined) return this.takeOrder(received, model);
    const protocol = PROTOCOLS.find((one) => one.matches(method, pathname));
    const asked = protocol?.read(body, pathname);
    if (protocol && asked) return this.complete(received, protocol, asked);
    const [status, message] = protocol ? [400, 'This is no call'] : [404, 'No such route'];
    const error = (protocol ?? OPENAI_PROTOCOL).error(status, message);
    response.writeHead(status, { 'content-type': 'application/json' }).end(error);
  }

  private async complete(received: Received, protocol: Protocol, asked: AskedCall): Promise<void> {
    const { call, answer } = this.begin(received, asked);
    const spoken = protocol.speak(asked, received.body, answer, String(call.id));
    const { stream } = asked;
    this.finish(call, answer, await playAnswer(received.response, spoken, answer, { stream, protocol }));
  }

  /** False when the route is another. */
  private async embed(received: Received): Promise<boolean> {
    const { method, pathname, body, response } = received;
    const protocol = EMBEDDING_PROTOCOLS.find((one) => one.matches(method, pathname));
    const asked = protocol?.read(body, pathname);
    if (!protocol || !asked) return false;
    const { call, answer } = this.begin(received, asked);
    const vectors = asked.texts.map((text) => bagOfWords(text, this.meanings));
    const none = { openFrames: [], textFrames: [], endFrames: [] };
    const [whole, empty] = [protocol.body(asked, vectors), protocol.body(asked, [])];
    const spoken = { body: whole, emptyBody: empty, unfinishedBody: whole, ...none };
    const speaker = { ...OPENAI_PROTOCOL, error: protocol.error };
    this.finish(call, answer, await playAnswer(response, spoken, answer, { stream: false, protocol: speaker }));
    return true;
  }

  private async takeOrder(received: Received, model: string): Promise<void> {
    const prompt = typeof received.body['prompt'] === 'string' ? received.body['prompt'] : '';
    const asked = { model, stream: false, content: prompt, lastUserContent: prompt, ...NO_CONVERSATION };
    const { call, answer } = this.begin(received, asked);
    const body = this.flux.take(String(call.id), answer);
    const spoken = { body, emptyBody: '{}', unfinishedBody: '{}', openFrames: [], textFrames: [], endFrames: [] };
    this.finish(
      call,
      answer,
      await playAnswer(received.response, spoken, answer, { stream: false, protocol: OPENAI_PROTOCOL }),
    );
  }

  private begin({ request, response, pathname, body }: Received, asked: AskedCall) {
    const { model, stream, lastUserContent, images, tools, toolResults } = asked;
    const idempotencyKey = headerOf(request, 'idempotency-key');
    const authorization = keyOf(request);
    const seen = { idempotencyKey, authorization, model, stream, path: pathname, images, tools, toolResults, body };
    const call = this.log.begin({ ...seen, content: lastUserContent });
    response.once('close', () => this.log.end(call, 'closed_by_client'));
    return { call, answer: this.script.answerTo({ ...asked, idempotencyKey }) };
  }

  private finish(call: RecordedCall, { fault }: ScriptedAnswer, isWhole: boolean): void {
    if (isWhole) this.log.end(call, 'answered');
    else if (fault !== undefined && fault.kind !== 'hang') this.log.end(call, 'faulted');
  }
}

const NO_CONVERSATION = { images: [], tools: [], toolResults: [], after: 'user' as const };

interface Received {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  readonly pathname: string;
  readonly body: Readonly<Record<string, unknown>>;
}

function keyOf(request: IncomingMessage): string | null {
  return headerOf(request, 'authorization') ?? headerOf(request, 'x-goog-api-key');
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString('utf8');
  try {
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined; // The routes answer a body that is no JSON like one that is absent.
  }
}
