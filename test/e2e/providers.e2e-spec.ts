import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PROVIDER_NAMES } from '../../src/config/provider-names.js';
import { ModelServer } from '../support/model-server/model-server.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

type Credentials = TestApp['config']['providers']['credentials'];
type Items = ReadonlyArray<Readonly<Record<string, unknown>>>;

const NONE = Object.fromEntries(PROVIDER_NAMES.map((name) => [name, {}])) as Credentials;

async function startWith(credentials: Partial<Credentials>): Promise<{ app: TestApp; user: SignedInClient }> {
  const app = await createTestApp({ providers: { credentials: { ...NONE, ...credentials } } });
  return { app, user: await SignedInClient.signUp(app.url) };
}

describe('without any key', () => {
  let app: TestApp;
  let user: SignedInClient;

  beforeAll(async () => {
    ({ app, user } = await startWith({}));
  });
  afterAll(() => app?.close());

  it('lists only what is usable now', async () => {
    const offline = { id: 'offline', name: 'Offline', aliases: [], is_default: true };
    expect((await user.get('/providers')).body).toEqual({
      items: [{ ...offline, capabilities: ['text', 'vision', 'streaming', 'image'] }],
      next_cursor: null,
    });
  });

  it('lists models for text and for images', async () => {
    expect((await user.get('/providers/offline/models')).body).toEqual({
      items: [
        { id: 'offline-echo', provider_id: 'offline', capabilities: ['text', 'vision', 'streaming'] },
        { id: 'offline-gradient', provider_id: 'offline', capabilities: ['image'] },
      ],
      next_cursor: null,
    });
  });

  it.each(['openai', 'claude', 'blackforestlabs', 'nonsense'])('knows no usable %s', async (id) => {
    const answer = await user.get(`/providers/${id}/models`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'PROVIDER_NOT_FOUND' } });
  });
});

describe('with providers of every family', () => {
  let models: ModelServer;
  let app: TestApp;
  let user: SignedInClient;

  beforeAll(async () => {
    models = await ModelServer.start();
    const { url, baseUrl, fireworksUrl } = models;
    ({ app, user } = await startWith({
      openai: { baseUrl },
      anthropic: { apiKey: 'anthropic-key', baseUrl: url },
      gemini: { apiKey: 'gemini-key', baseUrl: url },
      fireworks: { apiKey: 'fireworks-key', baseUrl: fireworksUrl },
    }));
  });
  afterAll(async () => {
    await app?.close();
    await models?.close();
  });
  beforeEach(() => {
    models.setScript();
    models.log.clear();
  });

  it('lists them with what each can do, the first as default', async () => {
    const items = (await user.get('/providers')).body['items'] as Items;
    const sees = ['text', 'vision', 'streaming'];
    expect(items.map(({ id, capabilities }) => [id, capabilities])).toEqual([
      ['openai', sees],
      ['anthropic', sees],
      ['gemini', sees],
      ['offline', [...sees, 'image']],
      ['fireworks', ['image']],
    ]);
    expect(items.filter(({ is_default: isDefault }) => isDefault).map(({ id }) => id)).toEqual(['openai']);
    expect(items.find(({ id }) => id === 'anthropic')).toMatchObject({ aliases: ['claude'] });
  });

  it.each([
    ['claude', 'anthropic', ['model-small', 'model-large']],
    ['gemini', 'gemini', ['model-small', 'model-large']],
    ['blackforestlabs', 'fireworks', ['flux-kontext-pro', 'flux-kontext-max']],
  ])('lists the models of %s', async (name, id, expected) => {
    const items = (await user.get(`/providers/${name}/models`)).body['items'] as Items;
    expect(items.map((model) => model['id'])).toEqual(expected);
    expect(items.every((model) => model['provider_id'] === id)).toBe(true);
  });

  it.each([
    ['claude', 'anthropic', '/v1/messages', 'Bearer anthropic-key'],
    ['gemini', 'gemini', '/v1beta/models/mine:streamGenerateContent', 'gemini-key'],
  ])('runs a flow by %s', async (name, id, path, authorization) => {
    models.setScript({ answer: { text: 'Hallo Welt', pieceSize: 3 } });
    const data = { language: 'de', provider_id: name, model: 'mine' };
    const nodes = [
      { id: 'prompt', type: 'initialPrompt', data: { text: 'Hello world' } },
      { id: 'german', type: 'translator', data },
    ];
    const edges = [{ source: 'prompt', target: 'german' }];
    const { body } = await user.post('/execution/run', { nodes, edges, wait_seconds: 20 });
    expect(body).toMatchObject({
      status: 'completed',
      outputs: { german: { text: 'Hallo Welt', usage: { provider_id: id, model: 'mine', output_tokens: 3 } } },
    });
    expect(models.calls).toHaveLength(1);
    expect(models.calls[0]).toMatchObject({ path, authorization });
  });
});
