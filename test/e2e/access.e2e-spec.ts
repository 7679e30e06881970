import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/common/ids/id.js';
import { SOCKET_MESSAGES } from '../../src/modules/events/sockets/message-dispatcher.js';
import type { SocketMessage } from '../../src/modules/events/sockets/messages/socket-message.js';
import { type Cast, Fixtures } from '../support/access/fixtures.js';
import {
  type Access,
  bodyFor,
  MESSAGE_POLICIES,
  pathFor,
  ROUTE_POLICIES,
  type RoutePolicy,
} from '../support/access/policies.js';
import { ApiClient, type Answer, type Tokens } from '../support/api-client.js';
import { readApiDocument, routesOf } from '../support/contract/api-document.js';
import { type Ack, SocketReader } from '../support/socket-reader.js';
import { createTestApp, type TestApp } from '../support/test-app.js';
import { TestPrograms } from '../support/test-programs.js';

const PREFIX = '/api/v1';
const ROUTES = routesOf(readApiDocument()).map(({ method, path }) => `${method} ${path.slice(PREFIX.length)}`);
/** Pairs of requests from which the time of an answer is judged, and what may lie between the medians. */
const TIMED_PAIRS = 9;
const TIMED_TRIES = 3;
const MAX_DIFFERENCE_MS = 10;

let app: TestApp;
let api: ApiClient;
let fixtures: Fixtures;
let cast: Cast;
/** Of the owner, by their scopes. */
let keys: Readonly<Record<string, string>>;

beforeAll(async () => {
  app = await createTestApp({}, [TestPrograms]);
  api = new ApiClient(app.url);
  fixtures = await Fixtures.open(app);
  ({ cast } = fixtures);
  const scopes = ['read', 'run', 'write', 'run write'];
  const made = scopes.map(async (some) => [some, await fixtures.keyWith(some.split(' '))] as const);
  keys = Object.fromEntries(await Promise.all(made));
});

afterAll(() => app.close());

function policyOf(route: string): RoutePolicy {
  const policy = ROUTE_POLICIES[route];
  if (!policy) throw new Error(`${route} has no policy: say in test/support/access/policies.ts who may call it`);
  return policy;
}

interface Caller {
  readonly access_token: string;
  readonly user: { readonly id: string };
}

const NONSENSE: Caller = { access_token: 'nonsense', user: { id: newId() } };

function call(route: string, id: string, caller?: Caller): Promise<Answer<Record<string, unknown>>> {
  const [method = '', path = ''] = route.split(' ');
  const policy = policyOf(route);
  const body = bodyFor(policy, caller?.user.id ?? newId());
  return api.request(method, pathFor(path, policy, id, cast), { body, token: caller?.access_token });
}

const MEMBERS = ['owner', 'editor', 'viewer'] as const;
type Outcome = 'done' | 'forbidden' | 'absent' | 'failed';

/** A conflict speaks of the state of the thing, which whoever may not see it is not told. */
function outcomeOf({ status, body }: Answer<unknown>): Outcome {
  if (status < 400 || status === 409) return 'done';
  if (status === 403) return 'forbidden';
  if (status === 404) return 'absent';
  throw new Error(`${status}: ${JSON.stringify(body)}`);
}

/** What a member may is all that lesser ones may, and more. */
function expectedFor(access: Access, role: (typeof MEMBERS)[number]): Outcome {
  if (access === 'self') return role === 'owner' ? 'done' : 'absent';
  const needed = access === 'reader' ? 'viewer' : access;
  return MEMBERS.indexOf(role) <= MEMBERS.indexOf(needed as typeof role) ? 'done' : 'forbidden';
}

/** What a problem says, without what differs between any two requests. */
function withoutIds({ status, body }: Answer<Record<string, unknown>>, id: string): unknown {
  const { trace_id: _, ...rest } = body;
  return { status, body: JSON.parse(JSON.stringify(rest).replaceAll(id, '<id>')) as unknown };
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** Between the medians, the least of several tries: a busy machine makes one request slow, a leak makes each. */
async function differenceMs(one: () => Promise<unknown>, other: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < TIMED_TRIES && least >= MAX_DIFFERENCE_MS; attempt++) {
    const times: [number, number][] = [];
    for (let pair = 0; pair < TIMED_PAIRS; pair++) times.push([await timed(one), await timed(other)]);
    const [ofOne, ofOther] = [0, 1].map((index) => median(times.map((pair) => pair[index]!)));
    least = Math.min(least, Math.abs(ofOne! - ofOther!));
  }
  return least;
}

describe('every route of the document', () => {
  it('has a stated policy, and every policy a route', () => {
    expect(Object.keys(ROUTE_POLICIES).toSorted()).toEqual(ROUTES.toSorted());
  });

  describe.each(ROUTES)('%s', (route) => {
    const { access, thing, scope, alsoScope, alsoOperators, otherwise } = policyOf(route);
    const isGuarded = access !== 'anybody' && access !== 'refresher';

    it('asks nobody to sign in, or does not let them in before it looks at anything else', async () => {
      const { status, body } = await call(route, newId());
      expect([status, body['code']].join(' ') === '401 UNAUTHORIZED').toBe(access !== 'anybody');
      const withNonsense = access === 'anybody' ? 401 : (await call(route, newId(), NONSENSE)).status;
      expect(withNonsense).toBe(401);
    });

    it.runIf(isGuarded && access !== 'operator')('refuses a session that was ended', async () => {
      const { status, body } = await call(route, newId(), cast.revoked);
      expect([status, body['code']]).toEqual([401, 'SESSION_ENDED']);
    });

    it.runIf(access === 'user')('lets in whoever is signed in', async () => {
      const answer = await call(route, newId(), cast.stranger);
      expect(otherwise === undefined ? outcomeOf(answer) : answer.body['code']).toBe(otherwise ?? 'done');
    });

    it.runIf(isGuarded)('takes the tokens of its own realm only', async () => {
      const takes = { user: access !== 'operator', operator: access === 'operator' || alsoOperators === true };
      for (const realm of ['user', 'operator'] as const) {
        const { body } = await call(route, newId(), realm === 'user' ? cast.stranger : cast.operator);
        expect([realm, body['code'] === 'WRONG_REALM']).toEqual([realm, !takes[realm]]);
      }
    });

    it.runIf(access === 'operator')('lets operators in', async () => {
      expect(outcomeOf(await call(route, thing ? await fixtures.make(thing) : newId(), cast.operator))).toBe('done');
    });

    it.runIf(isGuarded && access !== 'operator')('takes an API key with its scope, and none without it', async () => {
      const { owner } = cast;
      for (const [name, key] of Object.entries(keys)) {
        const id = thing && thing !== 'user' ? await fixtures.make(thing) : owner.user.id;
        const { status, body } = await call(route, id, { ...owner, access_token: key });
        const isEnough = [scope, alsoScope ?? scope].every((one) => name.split(' ').includes(String(one)));
        expect([name, status === 403 ? body['code'] : 'let in']).toEqual([name, isEnough ? 'let in' : 'SCOPE_MISSING']);
      }
    });

    it.runIf(thing && thing !== 'user' && access !== 'operator').each(MEMBERS)(
      'answers a member who is %s as the policy says',
      async (role) => {
        const answer = await call(route, await fixtures.make(thing!), cast[role]);
        // Of what is let in, and finds something else to be absent.
        const isLetIn = otherwise !== undefined && answer.body['code'] === otherwise;
        expect(isLetIn ? 'done' : outcomeOf(answer)).toBe(expectedFor(access, role));
      },
    );

    it.runIf(thing && access !== 'operator')(
      'tells a stranger the same of a foreign thing as of an absent one, as fast',
      async () => {
        const foreign = await fixtures.make(thing!);
        const ask = (id: string) => call(route, id, cast.stranger);
        const absent = newId();
        const answer = withoutIds(await ask(foreign), foreign);
        expect(answer).toEqual(withoutIds(await ask(absent), absent));
        expect(answer).toMatchObject({ status: 404 });
        expect(
          await differenceMs(
            () => ask(foreign),
            () => ask(newId()),
          ),
        ).toBeLessThan(MAX_DIFFERENCE_MS);
      },
    );
  });

  it('lets users read and remove themselves', async () => {
    const me = await api.signUp();
    expect(outcomeOf(await call('GET /users/{id}', me.user.id, me))).toBe('done');
    expect(outcomeOf(await call('DELETE /users/{id}', me.user.id, me))).toBe('done');
  });
});

describe('every message of a socket', () => {
  const errorOf = ({ ok, error }: Ack, id: string): unknown => ({
    ok,
    code: error?.code,
    message: error?.message.replaceAll(id, '<id>'),
  });

  async function send(name: string, id: string, { access_token: token }: Pick<Tokens, 'access_token'>): Promise<Ack> {
    const reader = await SocketReader.connect(app.url, token);
    const ack = await reader.send(name, MESSAGE_POLICIES[name]!.data(id));
    reader.close();
    return ack;
  }

  it('has a stated policy, and every policy a message', () => {
    const messages = app.app.get<readonly SocketMessage[]>(SOCKET_MESSAGES, { strict: false });
    expect(Object.keys(MESSAGE_POLICIES).toSorted()).toEqual(messages.map(({ name }) => name).toSorted());
  });

  it.each(['', 'nonsense', 'revoked'])('needs a connection, which is refused with the token "%s"', async (kind) => {
    const reader = new SocketReader(app.url, kind === 'revoked' ? cast.revoked.access_token : kind);
    const error = await new Promise<unknown>((resolve) => reader.socket.once('connect_error', resolve));
    expect(error).toMatchObject({ data: { code: 'UNAUTHORIZED' } });
    reader.close();
  });

  it.each(Object.keys(MESSAGE_POLICIES))('%s is answered as the policy says to members', async (name) => {
    const { thing, access } = MESSAGE_POLICIES[name]!;
    for (const role of MEMBERS) {
      const { ok, error } = await send(name, thing ? await fixtures.make(thing) : newId(), cast[role]);
      const isDone = access === 'user' || expectedFor(access, role) === 'done';
      expect([role, ok, error?.code]).toEqual([role, isDone, isDone ? undefined : 'ROLE_NOT_ALLOWED']);
    }
  });

  it.each(Object.keys(MESSAGE_POLICIES))('%s wants an API key with its scope, over one that may read', async (name) => {
    const { thing, scope } = MESSAGE_POLICIES[name]!;
    for (const more of ['read', 'run', 'write']) {
      const key = await fixtures.keyWith([...new Set(['read', more])]);
      const { error } = await send(name, thing ? await fixtures.make(thing) : newId(), { access_token: key });
      const isEnough = scope === 'read' || scope === more;
      expect([more, error?.code]).toEqual([more, isEnough ? undefined : 'SCOPE_MISSING']);
    }
  });

  const ofThings = Object.entries(MESSAGE_POLICIES).flatMap(([name, { thing }]) => (thing ? [{ name, thing }] : []));

  it.each(ofThings)('$name tells a stranger the same of a foreign $thing as of an absent one', async (message) => {
    const foreign = await fixtures.make(message.thing);
    const absent = newId();
    const answer = errorOf(await send(message.name, foreign, cast.stranger), foreign);
    expect(answer).toEqual(errorOf(await send(message.name, absent, cast.stranger), absent));
    expect(answer).toMatchObject({ ok: false, code: expect.stringMatching(/_NOT_FOUND$/) as string });
  });
});
