import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { CatalogueSeeder } from '../../src/modules/flows/catalogue/catalogue-seeder.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

let app: TestApp;
let user: SignedInClient;
let other: SignedInClient;

beforeAll(async () => {
  app = await createTestApp();
  [user, other] = await Promise.all([SignedInClient.signUp(app.url), SignedInClient.signUp(app.url)]);
});
afterAll(() => app?.close());

const GRAPH = {
  nodes: [
    { id: 'prompt', type: 'initialPrompt', position: { x: 0, y: 0 }, data: { text: 'A lighthouse in the fog' } },
    { id: 'german', type: 'translator', data: { language: 'de' } },
    { id: 'out', type: 'textOutput' },
  ],
  edges: [
    { id: 'e1', source: 'prompt', target: 'german', sourceHandle: 'text-out', targetHandle: 'text-in' },
    { id: 'e2', source: 'german', target: 'out' },
  ],
};

/** The thirteen of the catalogue, and Troupe's own. */
const TYPES = [
  'agent',
  'approval',
  'compressor',
  'condition',
  'consistentCharacter',
  'grammarFix',
  'group',
  'httpRequest',
  'imageDescriber',
  'imageGenerator',
  'initialPrompt',
  'knowledgeSearch',
  'memoryRecall',
  'personasReplacer',
  'promptEnhancer',
  'sceneBuilder',
  'storyTeller',
  'subflow',
  'textOutput',
  'tool',
  'translator',
];

async function save(body: object = { name: 'Lighthouse', ...GRAPH }): Promise<string> {
  const { status, body: flow } = await user.post('/flows', body);
  expect(status).toBe(201);
  return String(flow['id']);
}

describe('components', () => {
  it('lists the catalogue with fields, ports, API mapping and outputs', async () => {
    const { status, body } = await user.get('/components');
    const items = body['items'] as Array<Record<string, unknown>>;
    expect(status).toBe(200);
    expect(items.map(({ type }) => type)).toEqual(TYPES);
    expect(items.find(({ type }) => type === 'translator')).toMatchObject({
      category: 'processing',
      default_provider: 'mistral',
      default_model: 'ministral-14b-2512',
      fields: [{ key: 'language', kind: 'select', required: false }],
      ports: [
        { key: 'text-in', direction: 'in' },
        { key: 'text-out', direction: 'out' },
      ],
      api_config: { executor: 'api_call', temperature: 0.7, max_output_tokens: 2500 },
      output_schema: [{ key: 'text', kind: 'text' }],
    });
  });

  it.each([
    ['initialPrompt', 'input', 'mistral', 'ministral-14b-2512', 'text:textarea', '>adapter-in text-out>'],
    [
      'promptEnhancer',
      'processing',
      'mistral',
      'ministral-14b-2512',
      'notes:textarea',
      '>text-in >adapter-in text-out>',
    ],
    ['translator', 'processing', 'mistral', 'ministral-14b-2512', 'language:select', '>text-in text-out>'],
    [
      'storyTeller',
      'processing',
      'mistral',
      'labs-mistral-small-creative',
      'idea:textarea tags:tags',
      '>text-in >adapter-in text-out>',
    ],
    ['grammarFix', 'processing', 'mistral', 'ministral-14b-2512', 'style:select', '>text-in text-out>'],
    ['compressor', 'processing', 'mistral', 'ministral-14b-2512', '', '>text-in text-out>'],
    ['imageDescriber', 'input', 'claude', null, 'image:image!', 'text-out>'],
    [
      'imageGenerator',
      'output',
      'blackforestlabs',
      'flux-kontext-pro',
      'prompt:textarea width:number height:number',
      '>text-in text-out>',
    ],
    ['personasReplacer', 'processing', 'claude', null, 'image:image', '>text-in >adapter-in text-out>'],
    ['textOutput', 'output', null, null, '', '>text-in'],
    [
      'consistentCharacter',
      'data_source',
      null,
      null,
      'characterName:text! characterDescription:textarea! characterImagePath:image',
      'adapter-out>',
    ],
    [
      'sceneBuilder',
      'data_source',
      null,
      null,
      'imageStyle:select lighting:select timeOfDay:select weather:select cameraAngle:select cameraLens:select mood:select',
      'text-out>',
    ],
    ['group', 'utility', null, null, 'label:text color:select', ''],
  ])('has %s with its category, defaults, fields and ports', async (type, category, provider, model, fields, ports) => {
    const { body } = await user.get(`/components/${type}`);
    const kinds = (body['fields'] as Array<{ key: string; kind: string; required: boolean }>).map(
      ({ key, kind, required }) => `${key}:${kind}${required ? '!' : ''}`,
    );
    const ways = (body['ports'] as Array<{ key: string; direction: string }>).map(({ key, direction }) =>
      direction === 'in' ? `>${key}` : `${key}>`,
    );
    expect(body).toMatchObject({ category, default_provider: provider, default_model: model });
    expect(kinds.join(' ')).toBe(fields);
    expect(ways.join(' ')).toBe(ports);
  });

  it('answers one, and 404 for one that does not exist', async () => {
    const { body } = await user.get('/components/translator');
    const [field] = body['fields'] as Array<{ options: unknown[] }>;
    expect(field?.options).toHaveLength(28);
    expect(await user.get('/components/nonsense')).toMatchObject({
      status: 404,
      body: { code: 'COMPONENT_NOT_FOUND' },
    });
  });

  it('is seeded again without a change, by two processes at once', async () => {
    const before = await user.get('/components');
    const seeder = app.app.get(CatalogueSeeder);
    await Promise.all([seeder.seed(), seeder.seed(), seeder.seed()]);
    expect((await user.get('/components')).body).toEqual(before.body);
  });

  it('brings what differs back into step, keeping ids', async () => {
    const before = await user.get('/components');
    const database = app.app.get(DataSource);
    await database.query(`UPDATE agentic_components SET name = 'Old' WHERE type = 'translator'`);
    await database.query(`DELETE FROM component_ports WHERE key = 'adapter-in'`);
    await database.query(`INSERT INTO component_fields (id, component_id, key, position, label, kind, required)
      SELECT gen_random_uuid(), id, 'obsolete', 9, 'Obsolete', 'text', false FROM agentic_components`);
    await app.app.get(CatalogueSeeder).seed();
    const after = await user.get('/components');
    const idsOf = ({ body }: typeof before) => (body['items'] as Array<{ id: string }>).map(({ id }) => id);
    expect(after.body).toEqual(before.body);
    expect(idsOf(after)).toEqual(idsOf(before));
  });
});

describe('flows', () => {
  it('saves a flow as version 1 and gives it back in our spelling', async () => {
    const { status, body } = await user.get(`/flows/${await save()}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'Lighthouse', version: 1, description: '', project_id: null, viewport: null });
    expect(body['edges']).toEqual([
      { id: 'e1', source: 'prompt', target: 'german', source_handle: 'text-out', target_handle: 'text-in' },
      { id: 'e2', source: 'german', target: 'out' },
    ]);
  });

  it('makes a version with each change, and none without', async () => {
    const id = await save();
    const patched = await user.patch(`/flows/${id}`, { name: 'Beacon' });
    expect(patched.body).toMatchObject({ version: 2, name: 'Beacon' });
    expect((patched.body['nodes'] as unknown[]).length).toBe(3);
    expect((await user.patch(`/flows/${id}`, { name: 'Beacon' })).body).toMatchObject({ version: 2 });
    const put = await user.put(`/flows/${id}`, { nodes: [GRAPH.nodes[2]], viewport: { x: 1, y: 2, zoom: 0.5 } });
    expect(put.body).toMatchObject({ version: 3, name: 'Untitled flow', edges: [], viewport: { zoom: 0.5 } });
    const rows = await app.app
      .get(DataSource)
      .query(`SELECT version, name FROM flow_versions WHERE flow_id = $1 ORDER BY 1`, [id]);
    expect(rows).toEqual([
      { version: 1, name: 'Lighthouse' },
      { version: 2, name: 'Beacon' },
      { version: 3, name: 'Untitled flow' },
    ]);
  });

  it('loses no version when changes come at the same time', async () => {
    const id = await save();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => user.patch(`/flows/${id}`, { name: `n${n}` })),
    );
    const versions = answers.map(({ body }) => Number(body['version']));
    expect(versions.toSorted((a, b) => a - b)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('lists by pages, without nodes', async () => {
    const lister = await SignedInClient.signUp(app.url);
    for (const name of ['one', 'two', 'three']) await lister.post('/flows', { name });
    const first = await lister.get('/flows?limit=2');
    const second = await lister.get(`/flows?limit=2&cursor=${String(first.body['next_cursor'])}`);
    const names = [first, second].map(({ body }) => (body['items'] as Array<{ name: string }>).map(({ name }) => name));
    expect(names).toEqual([['three', 'two'], ['one']]);
    expect(second.body['next_cursor']).toBeNull();
    expect((first.body['items'] as object[])[0]).not.toHaveProperty('nodes');
  });

  it('removes a flow', async () => {
    const id = await save();
    expect((await user.delete(`/flows/${id}`)).status).toBe(204);
    expect((await user.get(`/flows/${id}`)).status).toBe(404);
    expect((await user.delete(`/flows/${id}`)).status).toBe(404);
  });

  it('answers 404 for what is not yours, on every route', async () => {
    const path = `/flows/${await save()}`;
    const answers = await Promise.all([
      other.get(path),
      other.put(path, {}),
      other.patch(path, { name: 'mine' }),
      other.delete(path),
    ]);
    expect(answers.map(({ status, body }) => `${status} ${String(body['code'])}`)).toEqual(
      Array(4).fill('404 FLOW_NOT_FOUND'),
    );
    expect((await user.get(path)).body).toMatchObject({ name: 'Lighthouse', version: 1 });
  });

  it('refuses what is no graph, pointing at it, and fields it does not know', async () => {
    const { status, body } = await user.post('/flows', {
      nodes: [{ id: 'a', type: 'textOutput' }, 7],
      edges: [{ source: 'a' }],
    });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'FLOW_INVALID', errors: [{ path: '/nodes/1' }, { path: '/edges/0/target' }] });
    expect(await user.post('/flows', { colour: 'red' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/colour' }] },
    });
    expect(await user.post('/flows', { viewport: { x: 'a' } })).toMatchObject({ status: 400 });
    expect(await user.get('/flows/not-an-id')).toMatchObject({ status: 400 });
  });
});

describe('flows/validate', () => {
  it('answers every fault with its pointer, node and field', async () => {
    const nodes = [
      ...GRAPH.nodes,
      { id: 'out', type: 'nonsense' },
      { id: 'x', type: 'translator', data: { language: 'xx' } },
    ];
    const edges = [...GRAPH.edges, { source: 'out', target: 'prompt' }, { source: 'gone', target: 'x' }];
    const { status, body } = await user.post('/flows/validate', { nodes, edges });
    expect(status).toBe(200);
    expect(body['valid']).toBe(false);
    expect(
      (body['errors'] as Array<{ path: string; code: string }>).map(({ path, code }) => `${path} ${code}`),
    ).toEqual([
      '/nodes/3/id NODE_ID_DUPLICATE',
      '/nodes/3/type NODE_TYPE_UNKNOWN',
      '/nodes/4/data/language FIELD_INVALID',
      '/edges/3/source EDGE_SOURCE_UNKNOWN',
      expect.stringContaining('GRAPH_CYCLE'),
    ]);
  });

  it('finds nothing wrong with a good one', async () => {
    expect((await user.post('/flows/validate', GRAPH)).body).toEqual({ valid: true, errors: [] });
  });
});
