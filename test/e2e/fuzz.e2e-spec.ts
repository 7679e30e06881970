import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids/id.js';
import { Random } from '../../src/modules/streams/testing/random.js';
import { Fixtures } from '../support/access/fixtures.js';
import { bodyFor, MESSAGE_POLICIES, pathFor, ROUTE_POLICIES, type RoutePolicy } from '../support/access/policies.js';
import { type Answer, ApiClient, type RequestOptions, type Tokens } from '../support/api-client.js';
import { readApiDocument, type Route, routesOf } from '../support/contract/api-document.js';
import { faultyRequestsOf } from '../support/fuzz/faulty-requests.js';
import { HOSTILE_TEXTS } from '../support/fuzz/hostile-texts.js';
import { rowCounts, settledRowCounts } from '../support/fuzz/row-counts.js';
import { SchemaReader, typesOf } from '../support/fuzz/schema-samples.js';
import { SocketReader } from '../support/socket-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { TestPrograms } from '../support/test-programs.js';

const PREFIX = '/api/v1';
const DOCUMENT = readApiDocument();
const READER = new SchemaReader(DOCUMENT);
const ROUTES = routesOf(DOCUMENT).map((route) => {
  return { ...route, name: `${route.method} ${route.path.slice(PREFIX.length)}` };
});
const HOSTILE_ROUNDS = 12;
const HOSTILE_IDS = [
  'x',
  '%00',
  "'--",
  '%F0%9F',
  '..%2F..%2Fusers',
  '0'.repeat(2_000),
  '019a0000-0000-7000-8000-00000000000g',
];

let app: TestApp;
let api: ApiClient;
let me: Tokens;
let fixtures: Fixtures;

beforeAll(async () => {
  // No scheduler: what it sees to by itself would be taken for what a request has done.
  app = await createTestApp({ server: { roles: new Set(['api', 'worker']) } }, [TestPrograms]);
  api = new ApiClient(app.url);
  fixtures = await Fixtures.open(app);
  me = fixtures.cast.owner;
});

afterAll(() => app.close());

function policyOf({ method, path }: Route): RoutePolicy {
  return ROUTE_POLICIES[`${method} ${path.slice(PREFIX.length)}`]!;
}

async function pathOf(route: Route): Promise<string> {
  const { path } = route;
  const policy = policyOf(route);
  const id = policy.thing ? await fixtures.make(policy.thing) : newId();
  return pathFor(path.slice(PREFIX.length), policy, id, fixtures.cast);
}

/** A refusal, told by what was wrong with the request. That it is a problem as documented is checked by the client. */
async function ask(route: Route, path: string, options: RequestOptions): Promise<Answer<Record<string, unknown>>> {
  const isForOperators = policyOf(route).access === 'operator';
  const { access_token: token } = isForOperators ? fixtures.cast.operator : me;
  return api.request(route.method, path, { token, ...options });
}

function withQuery(path: string, query: string | undefined): string {
  if (query === undefined) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${query}`;
}

/** As many hostile texts as there are places for texts. */
function hostileBody({ operation }: Route, random: Random): Record<string, unknown> | undefined {
  const schema = operation.requestBody?.content['application/json']?.schema;
  if (!schema) return undefined;
  const texts = READER.propertiesOf(READER.resolve(schema)).filter(([, { type }]) =>
    typesOf({ type }).includes('string'),
  );
  const sample = READER.sampleOf(schema) as Record<string, unknown>;
  const given = texts.map(([name]) => [name, HOSTILE_TEXTS[random.below(HOSTILE_TEXTS.length)]]);
  return { ...sample, ...(Object.fromEntries(given) as Record<string, unknown>) };
}

describe('requests that the document does not allow', () => {
  it.each(ROUTES)('$name: are refused, and nothing is done', { timeout: 20_000 }, async (route) => {
    const path = await pathOf(route);
    const before = await settledRowCounts(app.config.database.url);
    const accepted: string[] = [];
    for (const { why, body, headers, query } of faultyRequestsOf(route, READER)) {
      const answer = await ask(route, withQuery(path, query), { body, ...(headers && { headers }) });
      // Telling what is wrong is what `/flows/validate` is for.
      const isRefused = (answer.status >= 400 && answer.status < 500) || answer.body['valid'] === false;
      if (!isRefused) accepted.push(`${why}: ${answer.status}`);
    }
    expect(accepted).toEqual([]);
    expect(await rowCounts(app.config.database.url)).toEqual(before);
  });

  it.each(ROUTES.filter(({ path }) => path.includes('{')))('$name: addresses', async (route) => {
    for (const id of HOSTILE_IDS) {
      const path = route.path.slice(PREFIX.length).replace(/\{\w+\}/g, id);
      const { status } = await ask(route, path, { body: bodyFor(policyOf(route), me.user.id) });
      expect([400, 404]).toContain(status);
    }
  });
});

describe('hostile texts where texts are allowed', () => {
  it.each(ROUTES)('$name: are data', async (route) => {
    const random = new Random(ROUTES.indexOf(route) + 1);
    for (let round = 0; round < HOSTILE_ROUNDS; round++) {
      const body = hostileBody(route, random);
      if (!body) return;
      const { status } = await ask(route, await pathOf(route), { body });
      expect(status).toBeLessThan(500);
    }
  });
});

describe('messages of sockets', () => {
  const VALUES: readonly unknown[] = [
    null,
    1,
    'text',
    [],
    [[]],
    { stream: 1 },
    { stream: 'run:x', after: -1 },
    { stream: 'a\0b' },
    { run_id: '\ud800' },
    { run_id: 'x', nothing: 1 },
    { nodes: 'none', edges: {} },
    { nodes: [null], edges: [1] },
    { project_id: [] },
    JSON.parse(`{"a":${'['.repeat(2_000)}${']'.repeat(2_000)}}`),
    ...HOSTILE_TEXTS.map((text) => ({ stream: text, run_id: text, project_id: text, nodes: text, edges: text })),
  ];

  it.each([...Object.keys(MESSAGE_POLICIES).filter((name) => name !== 'ping'), 'nothing', '__proto__'])(
    '%s: are refused',
    async (name) => {
      const reader = await SocketReader.connect(app.url, me.access_token);
      for (const value of VALUES) {
        const { ok, error } = await reader.send(name, value);
        expect([ok, error?.code === 'INTERNAL_ERROR']).toEqual([false, false]);
      }
      reader.close();
    },
  );
});
