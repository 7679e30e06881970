import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ModelServer } from '../../../../test/support/model-server/model-server.js';
import type { ModelRequest } from '../model-provider.js';
import { describeEmbedding } from '../testing/embedding.contract.js';
import { describeModelProvider } from '../testing/model-provider.contract.js';
import { READ_FILE, SCHEMA } from '../testing/provider-bench.js';
import { failureOf, streamed } from '../testing/provider-calls.js';
import { OpenAiCompatibleProvider } from './openai-compatible.provider.js';
import { MISTRAL, OPENAI } from './openai-traits.js';

const REQUEST: ModelRequest = { model: 'model-small', messages: [{ role: 'user', content: 'Say it' }] };
const options = { signal: new AbortController().signal, idempotencyKey: 'k' };

describeModelProvider('OpenAiCompatibleProvider', {
  create: ({ baseUrl }, silenceMs) => new OpenAiCompatibleProvider(OPENAI, { apiKey: 'key-1', baseUrl }, { silenceMs }),
  sentKey: 'Bearer key-1',
  sentBody: { temperature: 0.3, max_tokens: 50, stop: ['END'], stream: true },
  sentTools: {
    tools: [{ type: 'function', function: { name: 'read_file', parameters: READ_FILE.inputSchema } }],
    tool_choice: 'required',
  },
  sentSchema: {
    response_format: { type: 'json_schema', json_schema: { name: 'where', schema: SCHEMA, strict: true } },
  },
  sentResults: {
    messages: [
      { role: 'system' },
      { role: 'user' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'call-a', type: 'function', function: { name: 'read_file', arguments: '{"path":"a"}' } },
          { id: 'call-b', function: { arguments: JSON.stringify({ malformed_arguments: '{"path' }) } },
        ],
      },
      { role: 'tool', tool_call_id: 'call-a', content: 'First file' },
      { role: 'tool', tool_call_id: 'call-b', content: 'Error: Bad arguments' },
    ],
  },
});

describeEmbedding('OpenAiCompatibleProvider', {
  create: ({ baseUrl }) => new OpenAiCompatibleProvider(OPENAI, { apiKey: 'key-1', baseUrl }),
  tellsTokens: true,
});

describe('OpenAiCompatibleProvider', () => {
  let server: ModelServer;
  let provider: OpenAiCompatibleProvider;

  beforeAll(async () => {
    server = await ModelServer.start();
    provider = new OpenAiCompatibleProvider(OPENAI, { apiKey: 'key-1', baseUrl: server.baseUrl });
  });
  afterAll(() => server.close());
  beforeEach(() => {
    server.setScript();
    server.log.clear();
  });

  it('does not try again when the quota is used up', async () => {
    const body = JSON.stringify({ error: { message: 'No money', code: 'insufficient_quota' } });
    server.setScript({ answer: { fault: { kind: 'status', status: 429, body } } });
    const failure = await failureOf(streamed(provider, REQUEST));
    expect(failure).toMatchObject({ code: 'MODEL_QUOTA_EXCEEDED', retryable: false });
  });

  it('fails on a body without choices', async () => {
    server.setScript({ answer: { fault: { kind: 'empty' } } });
    const failure = await failureOf(provider.generate(REQUEST, options));
    expect(failure).toMatchObject({ code: 'MODEL_ANSWER_BROKEN', retryable: true });
  });

  it('sends text as plain strings, which all who are compatible read', async () => {
    const content = [{ type: 'text' as const, text: 'Be brief' }];
    await streamed(provider, { ...REQUEST, messages: [{ role: 'system', content }, ...REQUEST.messages] });
    expect(server.calls[0]?.body['messages']).toEqual([
      { role: 'system', content: 'Be brief' },
      { role: 'user', content: 'Say it' },
    ]);
  });

  it('takes the first listed model where the vendor is not the real one', async () => {
    const { signal } = options;
    expect(await provider.defaultModel(signal)).toBe('model-small');
    const vendors = new OpenAiCompatibleProvider(MISTRAL, { apiKey: 'k' });
    expect(await vendors.defaultModel(signal)).toBe('ministral-14b-2512');
  });

  it('needs a key or an address', () => {
    expect(new OpenAiCompatibleProvider(OPENAI).isUsable()).toBe(false);
    expect(new OpenAiCompatibleProvider(OPENAI, { apiKey: 'k' }).isUsable()).toBe(true);
    expect(new OpenAiCompatibleProvider(OPENAI, { baseUrl: 'http://127.0.0.1:1/v1' }).isUsable()).toBe(true);
  });

  it('sends no credentials when it has none', async () => {
    const keyless = new OpenAiCompatibleProvider(OPENAI, { baseUrl: server.baseUrl });
    await keyless.generate(REQUEST, options);
    expect(server.calls[0]?.authorization).toBeNull();
  });
});
