import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { playAnswer } from './answer-player.js';
import { CallLog, type CallCounts, type RecordedCall } from './call-log.js';
import { answerControl } from './control-api.js';
import { answerInOpenAi, readChatRequest } from './openai-protocol.js';
import { Script, type ScriptRule } from './script.js';

const MODELS = ['model-small', 'model-large'];
const NOT_FOUND = '{"error":{"message":"No such route","type":"invalid_request_error"}}';
const NOT_A_CHAT = '{"error":{"message":"model and messages are required","type":"invalid_request_error"}}';

/**
 * A model server on loopback: chat completions, streamed and not, by a script that can go wrong in every way.
 *
 * It answers each call, counts them by idempotency key and by content, and remembers when they came.
 */
export class ModelServer {
  readonly log = new CallLog();
  readonly script = new Script();
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

  /** `http://127.0.0.1:<port>`, where the control API is. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What `OPENAI_BASE_URL` wants. */
  get baseUrl(): string {
    return `${this.url}/v1`;
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
    const body = await readJson(request);
    if (pathname.startsWith('/_control/'))
      return answerControl(this, request.method ?? 'GET', pathname, body, response);
    if (request.method === 'GET' && pathname === '/v1/models') return sendModels(response);
    if (pathname !== '/v1/chat/completions') return sendError(response, 404, NOT_FOUND);
    await this.complete(request, response, (body ?? {}) as Record<string, unknown>);
  }

  private async complete(
    request: IncomingMessage,
    response: ServerResponse,
    body: Record<string, unknown>,
  ): Promise<void> {
    const asked = readChatRequest(body);
    if (!asked) return sendError(response, 400, NOT_A_CHAT);
    const { model, stream } = asked;
    const idempotencyKey = headerOf(request, 'idempotency-key');
    const authorization = headerOf(request, 'authorization');
    const call = this.log.begin({ idempotencyKey, authorization, model, stream, content: asked.lastUserContent, body });
    response.once('close', () => this.log.end(call, 'closed_by_client'));
    const answer = this.script.answerTo({ ...asked, idempotencyKey });
    const spoken = answerInOpenAi({ ...asked, idempotencyKey }, answer, String(call.id));
    const isWhole = await playAnswer(response, spoken, answer, stream);
    if (isWhole) this.log.end(call, 'answered');
    else if (answer.fault !== undefined && answer.fault.kind !== 'hang') this.log.end(call, 'faulted');
  }
}

function sendModels(response: ServerResponse): void {
  const data = MODELS.map((id) => ({ id, object: 'model', created: 1_760_000_000, owned_by: 'loopback' }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }));
}

function sendError(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body);
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
