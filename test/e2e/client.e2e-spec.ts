import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TroupeClient, type TroupeEvent, TroupeProblemError } from '../../clients/typescript/src/index.js';
import { Random } from '../../src/modules/streams/testing/random.js';
import { DEMO_FLOW } from '../../src/demo/demo-flow.js';
import { newAccount } from '../support/api-client.js';
import { CuttingProxy } from '../support/cutting-proxy.js';
import { RunWriter, type WrittenRun } from '../support/run-writer.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

const STEP = 'execution.step.completed';
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let app: TestApp;
let writer: RunWriter;
let proxy: CuttingProxy;
let wall: CuttingProxy;
let userId: string;
let token: string;
const clients: TroupeClient[] = [];

beforeAll(async () => {
  app = await createTestApp();
  writer = new RunWriter(app.app);
  proxy = await CuttingProxy.open(app.url);
  wall = await CuttingProxy.open(app.url, { withoutSockets: true });
  const account = newAccount();
  const troupe = new TroupeClient({ url: app.url });
  userId = (await troupe.api.authRegister({ body: account })).id;
  token = (await troupe.login(account.email, account.password)).access_token;
});

afterEach(() => {
  for (const { events } of clients.splice(0)) events.close();
});

afterAll(async () => {
  await proxy.close();
  await wall.close();
  await app.close();
});

function client(url: string): TroupeClient {
  const made = new TroupeClient({ url, token });
  clients.push(made);
  return made;
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** A run that writes for about a second, while the way to it is cut again and again. */
async function writeWhileCutting(run: WrittenRun, way: CuttingProxy, random: Random): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    await writer.append(
      run,
      Array.from({ length: random.below(4) + 1 }, () => STEP),
    );
    if (random.below(12) === 0) way.cut();
    await sleep(random.below(40));
  }
  await writer.append(run, ['execution.completed']);
}

describe('routes', () => {
  it('answer with what they are documented to answer', async () => {
    const { api } = client(app.url);
    const flow = await api.flowsCreate({ body: DEMO_FLOW });
    const {
      run_id: id,
      status,
      outputs,
    } = await api.flowRunsRun({ path: { id: flow.id }, body: { wait_seconds: 60 } });
    expect(status).toBe('completed');
    expect(Object.keys(outputs ?? {}).toSorted()).toEqual(['brief', 'german-idea', 'spanish-brief']);
    expect(await api.runsGet({ path: { id } })).toMatchObject({ id, status: 'completed', flow_id: flow.id });
  });

  it('throw what was refused, with its code and trace', async () => {
    const error = await refusal(client(app.url).api.flowsGet({ path: { id: userId } }));
    expect(error).toBeInstanceOf(TroupeProblemError);
    expect(error).toMatchObject({ status: 404, code: 'FLOW_NOT_FOUND', traceId: expect.stringMatching(/^\w{32}$/) });
  });

  it('tell a server that is not there from one that refuses', async () => {
    const { api } = new TroupeClient({ url: 'http://127.0.0.1:1' });
    expect(await refusal(api.healthGet())).toMatchObject({ code: 'UNREACHABLE' });
  });
});

describe.each(['socket', 'sse'] as const)('events by %s', (transport) => {
  it.each([1, 2, 3])('come once, in order and all, however often the connection breaks (seed %i)', async (seed) => {
    const run = await writer.create(userId);
    await writer.append(run, ['execution.started', STEP, STEP]);
    const { events } = client(proxy.url);
    await events.connect({ transport });
    const writing = writeWhileCutting(run, proxy, new Random(seed));
    const seqs: (number | undefined)[] = [];
    for await (const { seq } of events.follow(run.stream)) seqs.push(seq);
    await writing;
    expect(seqs).toEqual(Array.from({ length: run.lastSeq }, (_, index) => index + 1));
  });

  it('without `after` bring only what is later', async () => {
    const run = await writer.create(userId);
    await writer.append(run, ['execution.started', STEP]);
    const { events } = client(app.url);
    await events.connect({ transport });
    const heard: TroupeEvent[] = [];
    events.on(STEP, (event) => heard.push(event));
    await events.subscribe(run.stream);
    await writer.append(run, [STEP, STEP]);
    await expect.poll(() => heard.filter(({ stream }) => stream === run.stream).map(({ seq }) => seq)).toEqual([3, 4]);
  });

  it("refuse somebody else's stream", async () => {
    const run = await writer.create(userId);
    const stranger = new TroupeClient({ url: app.url });
    const account = newAccount();
    await stranger.api.authRegister({ body: account });
    await stranger.login(account.username, account.password);
    clients.push(stranger);
    await stranger.events.connect({ transport });
    expect(await refusal(stranger.events.subscribe(run.stream, { after: 0 }))).toMatchObject({
      code: 'STREAM_NOT_FOUND',
    });
  });
});

describe('events of a tree of runs', () => {
  it('come once and all for each run, however often the connection breaks', async () => {
    const root = await writer.create(userId);
    await writer.append(root, ['execution.started']);
    const { events } = client(proxy.url);
    await events.connect({ transport: 'socket' });
    const seqs = new Map<string, number[]>();
    events.onAny(({ stream = '', seq }) => {
      if (seq !== undefined) seqs.set(stream, [...(seqs.get(stream) ?? []), seq]);
    });
    await events.subscribe(root.stream, { after: 0, tree: true });
    const children = await Promise.all([1, 2].map(() => writer.create(userId, root)));
    const random = new Random(7);
    await Promise.all(children.map((child) => writeWhileCutting(child, proxy, random)));
    const all = children.map(({ lastSeq }) => Array.from({ length: lastSeq }, (_, index) => index + 1));
    await expect.poll(() => children.map(({ stream }) => seqs.get(stream)), { timeout: 10_000 }).toEqual(all);
  });
});

describe('a network that lets no sockets through', () => {
  it('is noticed, and server-sent events are used', async () => {
    const run = await writer.create(userId);
    await writer.append(run, ['execution.started', STEP]);
    const { events } = client(wall.url);
    await events.connect();
    const writing = writeWhileCutting(run, wall, new Random(5));
    const seqs: (number | undefined)[] = [];
    for await (const { seq } of events.follow(run.stream)) seqs.push(seq);
    await writing;
    expect(seqs).toEqual(Array.from({ length: run.lastSeq }, (_, index) => index + 1));
  });
});

describe('a token that is refused', () => {
  it('ends the connection instead of trying for ever', async () => {
    const { events } = new TroupeClient({ url: app.url, token: 'nonsense' });
    expect(await refusal(events.connect())).toMatchObject({ code: 'UNAUTHORIZED' });
    events.close();
  });
});

describe('the package', () => {
  it('is in step with the documents, compiles by itself, and runs from what it exports', async () => {
    const build = spawnSync(process.execPath, ['scripts/client.mjs', '--check', '--build'], { cwd: ROOT });
    expect([build.status, String(build.stderr)]).toEqual([0, '']);
    const script = `import { TroupeClient } from 'troupe-client';
      const troupe = new TroupeClient({ url: '${app.url}', token: '${token}' });
      await troupe.events.connect();
      troupe.events.close();
      process.stdout.write((await troupe.api.authMe()).id);`;
    // Not spawnSync: the server lives in this process.
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: `${ROOT}/clients/typescript`,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (text += data.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    expect(text).toBe(userId);
  });
});
