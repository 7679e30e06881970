import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModelServer } from '../../../../test/support/model-server/model-server.js';
import type { ModelRequest } from '../model-provider.js';
import { describeEmbedding } from '../testing/embedding.contract.js';
import { describeModelProvider } from '../testing/model-provider.contract.js';
import { READ_FILE, SCHEMA } from '../testing/provider-bench.js';
import { failureOf, streamed } from '../testing/provider-calls.js';
import { GeminiContentProvider } from './gemini-content.provider.js';

const REQUEST: ModelRequest = { model: 'model-small', messages: [{ role: 'user', content: 'Say it' }] };

describeModelProvider('GeminiContentProvider', {
  create: ({ url }, silenceMs) => new GeminiContentProvider({ apiKey: 'key-1', baseUrl: url }, { silenceMs }),
  sentKey: 'key-1',
  sentBody: { generationConfig: { temperature: 0.3, maxOutputTokens: 50, stopSequences: ['END'] } },
  sentRefusal: /The model refused/,
  sentTools: {
    tools: [{ functionDeclarations: [{ name: 'read_file', parametersJsonSchema: READ_FILE.inputSchema }] }],
    toolConfig: { functionCallingConfig: { mode: 'ANY' } },
  },
  sentSchema: { generationConfig: { responseMimeType: 'application/json', responseJsonSchema: SCHEMA } },
  sentResults: {
    contents: [
      { role: 'user' },
      {
        role: 'model',
        parts: [
          { functionCall: { id: 'call-a', name: 'read_file', args: { path: 'a' } } },
          { functionCall: { id: 'call-b', args: { malformed_arguments: '{"path' } } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'call-a', name: 'read_file', response: { output: 'First file' } } },
          { functionResponse: { id: 'call-b', response: { error: 'Bad arguments' } } },
        ],
      },
    ],
  },
});

describeEmbedding('GeminiContentProvider', {
  create: ({ url }) => new GeminiContentProvider({ apiKey: 'key-1', baseUrl: url }),
  tellsTokens: false,
});

describe('GeminiContentProvider', () => {
  let server: ModelServer;
  let provider: GeminiContentProvider;

  beforeAll(async () => {
    server = await ModelServer.start();
    provider = new GeminiContentProvider({ apiKey: 'key-1', baseUrl: server.url });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.setScript();
    server.log.clear();
  });

  const failWith = (status: number, error: object) =>
    server.setScript({ answer: { fault: { kind: 'status', status, body: JSON.stringify({ error }) } } });

  it('reads how long to wait from the body when no header tells', async () => {
    const details = [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [] },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '12.5s' },
    ];
    failWith(429, { code: 429, message: 'Slow down', status: 'RESOURCE_EXHAUSTED', details });
    const failure = await failureOf(streamed(provider, REQUEST));
    expect(failure).toMatchObject({ code: 'MODEL_RATE_LIMITED', retryAfterMs: 12_500 });
  });

  it('takes a wrong key for what it is, although the status says otherwise', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }];
    failWith(400, { code: 400, message: 'API key not valid', status: 'INVALID_ARGUMENT', details });
    const failure = await failureOf(streamed(provider, REQUEST));
    expect(failure).toMatchObject({ code: 'MODEL_CREDENTIALS_REFUSED', retryable: false });
  });

  it.each([
    ['RECITATION', 'MODEL_ANSWER_FILTERED'],
    ['MALFORMED_FUNCTION_CALL', 'MODEL_ANSWER_BROKEN'],
    ['OTHER', 'MODEL_ANSWER_BROKEN'],
    ['CONTINUATION', 'MODEL_ANSWER_BROKEN'],
  ])('fails on the finish reason %s', async (finishReason, code) => {
    server.setScript({ answer: { finishReason } });
    expect(await failureOf(streamed(provider, REQUEST))).toMatchObject({ code });
    expect(server.counts.total).toBe(1);
  });

  it('puts instructions beside the contents and calls the assistant a model', async () => {
    const messages = [
      { role: 'system' as const, content: 'Be brief' },
      { role: 'user' as const, content: 'One' },
      { role: 'assistant' as const, content: 'Two' },
      { role: 'user' as const, content: 'Three' },
    ];
    await streamed(provider, { ...REQUEST, messages });
    expect(server.calls[0]?.body).toMatchObject({
      systemInstruction: { parts: [{ text: 'Be brief' }] },
      contents: [{ role: 'user' }, { role: 'model', parts: [{ text: 'Two' }] }, { role: 'user' }],
    });
  });

  it('needs a key or an address', () => {
    expect(new GeminiContentProvider().isUsable()).toBe(false);
    expect(new GeminiContentProvider({ apiKey: 'k' }).isUsable()).toBe(true);
  });
});
