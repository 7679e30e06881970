import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModelServer } from '../../../../test/support/model-server/model-server.js';
import type { Fault, Framing, ScriptedAnswer } from '../../../../test/support/model-server/script.js';
import { StepFailure } from '../../../engine/index.js';
import type { ModelAnswer, ModelRequest } from '../model-provider.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';
import { MISTRAL, OPENAI } from './openai-traits.js';

const TEXT = 'The quick brown fox jumps over the lazy dog, says Zoë 🦊 to nobody at all.';
const SILENCE_MS = 250;

let server: ModelServer;
let provider: OpenAiCompatibleProvider;

beforeAll(async () => {
  server = await ModelServer.start();
  const access = { apiKey: 'key-1', baseUrl: server.baseUrl };
  provider = new OpenAiCompatibleProvider(OPENAI, access, { silenceMs: SILENCE_MS });
});
afterAll(() => server.close());
beforeEach(() => {
  server.setScript();
  server.log.clear();
});

const REQUEST: ModelRequest = { model: 'model-small', messages: [{ role: 'user', content: 'Say it' }] };

function script(answer: ScriptedAnswer): void {
  server.setScript({ answer: { text: TEXT, ...answer } });
}

async function stream(signal = new AbortController().signal, request = REQUEST) {
  const pieces: string[] = [];
  const generator = provider.stream(request, { signal, idempotencyKey: 'call-1' });
  for (;;) {
    const next = await generator.next();
    if (next.done) return { pieces, answer: next.value };
    pieces.push(next.value);
  }
}

function generate(request = REQUEST): Promise<ModelAnswer> {
  return provider.generate(request, { signal: new AbortController().signal, idempotencyKey: 'call-1' });
}

async function failureOf(call: Promise<unknown>): Promise<StepFailure> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StepFailure);
  return error as StepFailure;
}

describe('stream', () => {
  it('yields the pieces and returns the whole answer with usage', async () => {
    script({ pieceSize: 5 });
    const { pieces, answer } = await stream();
    expect(pieces.length).toBeGreaterThan(10);
    expect(pieces.join('')).toBe(TEXT);
    expect(answer).toEqual({ text: TEXT, finishReason: 'stop', usage: { inputTokens: 2, outputTokens: 19 } });
  });

  it('sends key, idempotency key, bound and stop sequences', async () => {
    const request = { ...REQUEST, temperature: 0.3, maxOutputTokens: 50, stop: ['END'] };
    await stream(undefined, request);
    const [call] = server.calls;
    expect(call).toMatchObject({ authorization: 'Bearer key-1', idempotencyKey: 'call-1', model: 'model-small' });
    expect(call?.body).toMatchObject({ temperature: 0.3, max_tokens: 50, stop: ['END'], stream: true });
  });

  it.each<[string, Framing]>([
    ['pieces of 7 bytes', { bytes: 7 }],
    ['CRLF', { crlf: true }],
    ['comments', { comments: true }],
    ['all of them', { bytes: 7, crlf: true, comments: true }],
  ])('reads %s', async (_, framing) => {
    script({ framing });
    expect((await stream()).answer.text).toBe(TEXT);
  });

  it('tells an answer that was cut short', async () => {
    script({ finishReason: 'length' });
    expect((await stream()).answer.finishReason).toBe('length');
  });

  it('keeps listening to slow tokens as long as they come', async () => {
    script({ pieceSize: 8, pieceDelayMs: 60 });
    expect((await stream()).answer.text).toBe(TEXT);
  });

  it.each<[string, Fault, string, boolean]>([
    ['429', { kind: 'status', status: 429 }, 'MODEL_RATE_LIMITED', true],
    ['500', { kind: 'status', status: 500 }, 'MODEL_UNAVAILABLE', true],
    ['503 that is no JSON', { kind: 'status', status: 503, body: '<html>' }, 'MODEL_UNAVAILABLE', true],
    ['400', { kind: 'status', status: 400 }, 'MODEL_REQUEST_REFUSED', false],
    ['401', { kind: 'status', status: 401 }, 'MODEL_CREDENTIALS_REFUSED', false],
    ['404', { kind: 'status', status: 404 }, 'MODEL_REQUEST_REFUSED', false],
    ['a hang before', { kind: 'hang' }, 'MODEL_TIMED_OUT', true],
    ['a hang in the middle', { kind: 'hang', after: 2 }, 'MODEL_TIMED_OUT', true],
    ['a reset before', { kind: 'reset' }, 'MODEL_CONNECTION_FAILED', true],
    ['a reset in the middle', { kind: 'reset', after: 2 }, 'MODEL_CONNECTION_FAILED', true],
    ['half a stream', { kind: 'half' }, 'MODEL_ANSWER_BROKEN', true],
    ['an end without finish reason', { kind: 'no_finish_reason' }, 'MODEL_ANSWER_BROKEN', true],
    ['a garbage chunk', { kind: 'garbage', after: 2 }, 'MODEL_ANSWER_BROKEN', true],
    ['a malformed body', { kind: 'malformed_body' }, 'MODEL_ANSWER_BROKEN', true],
    ['an empty stream', { kind: 'empty' }, 'MODEL_ANSWER_BROKEN', true],
  ])('fails on %s', async (_, fault, code, retryable) => {
    script({ fault });
    expect(await failureOf(stream())).toMatchObject({ code, retryable });
    expect(server.counts.total).toBe(1);
  });

  it('fails on an answer without text, and on a filtered one', async () => {
    script({ text: '' });
    expect(await failureOf(stream())).toMatchObject({ code: 'MODEL_ANSWER_EMPTY', retryable: true });
    script({ finishReason: 'content_filter' });
    expect(await failureOf(stream())).toMatchObject({ code: 'MODEL_ANSWER_FILTERED', retryable: false });
  });

  it('passes on how long the provider asks to wait', async () => {
    script({ fault: { kind: 'status', status: 429, retryAfter: '7' } });
    expect(await failureOf(stream())).toMatchObject({ retryAfterMs: 7000 });
  });

  it('does not try again when the quota is used up', async () => {
    const body = JSON.stringify({ error: { message: 'No money', code: 'insufficient_quota' } });
    script({ fault: { kind: 'status', status: 429, body } });
    expect(await failureOf(stream())).toMatchObject({ code: 'MODEL_QUOTA_EXCEEDED', retryable: false });
  });

  it('says so when nobody listens at the address', async () => {
    const nobody = await ModelServer.start();
    const { baseUrl } = nobody;
    await nobody.close();
    const lost = new OpenAiCompatibleProvider(OPENAI, { baseUrl });
    const call = lost.stream(REQUEST, { signal: new AbortController().signal, idempotencyKey: 'k' }).next();
    expect(await failureOf(call)).toMatchObject({ code: 'MODEL_CONNECTION_FAILED', retryable: true });
  });
});

describe('abort', () => {
  it('closes the connection in the middle of a stream', async () => {
    script({ fault: { kind: 'hang', after: 2 } });
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    expect(await failureOf(stream(controller.signal))).toMatchObject({ code: 'MODEL_CALL_ABORTED' });
    await expect.poll(() => server.calls[0]?.outcome).toBe('closed_by_client');
  });

  it('closes the connection when the reader stops reading', async () => {
    script({ fault: { kind: 'hang', after: 2 } });
    const generator = provider.stream(REQUEST, { signal: new AbortController().signal, idempotencyKey: 'k' });
    await generator.next();
    await generator.return(undefined as never);
    await expect.poll(() => server.calls[0]?.outcome).toBe('closed_by_client');
  });

  it('makes no call when it is aborted already', async () => {
    expect(await failureOf(stream(AbortSignal.abort()))).toMatchObject({ code: 'MODEL_CALL_ABORTED' });
    expect(server.counts.total).toBe(0);
  });
});

describe('generate', () => {
  it('answers text, finish reason and usage', async () => {
    script({});
    const usage = { inputTokens: 2, outputTokens: 19 };
    expect(await generate()).toEqual({ text: TEXT, finishReason: 'stop', usage });
  });

  it.each<[string, Fault, string]>([
    ['a hang before', { kind: 'hang' }, 'MODEL_TIMED_OUT'],
    ['a hang in the middle', { kind: 'hang', after: 0 }, 'MODEL_TIMED_OUT'],
    ['a reset in the middle', { kind: 'reset', after: 0 }, 'MODEL_CONNECTION_FAILED'],
    ['half a body', { kind: 'half' }, 'MODEL_ANSWER_BROKEN'],
    ['a body that is no answer', { kind: 'malformed_body' }, 'MODEL_ANSWER_BROKEN'],
    ['no choices', { kind: 'empty' }, 'MODEL_ANSWER_BROKEN'],
    ['no finish reason', { kind: 'no_finish_reason' }, 'MODEL_ANSWER_BROKEN'],
  ])('fails on %s', async (_, fault, code) => {
    script({ fault });
    expect(await failureOf(generate())).toMatchObject({ code, retryable: true });
  });
});

describe('models', () => {
  it('lists what the server names, and takes the first where the vendor is not the real one', async () => {
    const { signal } = new AbortController();
    expect((await provider.models(signal)).map(({ id }) => id)).toEqual(['model-small', 'model-large']);
    expect(await provider.defaultModel(signal)).toBe('model-small');
    expect(await new OpenAiCompatibleProvider(MISTRAL, { apiKey: 'k' }).defaultModel(signal)).toBe(
      'ministral-14b-2512',
    );
  });
});

describe('isUsable', () => {
  it('needs a key or an address', () => {
    expect(new OpenAiCompatibleProvider(OPENAI).isUsable()).toBe(false);
    expect(new OpenAiCompatibleProvider(OPENAI, { apiKey: 'k' }).isUsable()).toBe(true);
    expect(new OpenAiCompatibleProvider(OPENAI, { baseUrl: 'http://127.0.0.1:1/v1' }).isUsable()).toBe(true);
  });

  it('sends no credentials when it has none', async () => {
    const keyless = new OpenAiCompatibleProvider(OPENAI, { baseUrl: server.baseUrl });
    await keyless.generate(REQUEST, { signal: new AbortController().signal, idempotencyKey: 'k' });
    expect(server.calls[0]?.authorization).toBeNull();
  });
});
