import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFailed } from 'vitest';
import { Random as ReaderRandom } from '../../src/modules/streams/testing/random.js';
import { Random } from '../model/random.js';
import { Load } from '../support/chaos/load.js';
import { randomFlow } from '../support/chaos/random-flow.js';
import { readEvents, untilAllEnded } from '../support/chaos/run-report.js';
import { Site, type SiteServer } from '../support/chaos/site.js';
import { assemble, followText } from '../support/chaos/text-follower.js';
import { READINGS, readAll } from '../support/resuming-readers.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { SocketReader } from '../support/socket-reader.js';

const RUNS = 6;
const READERS_PER_RUN = 3;
/** Longer than a run lasts. */
const TO_THE_END_MS = 15_000;

describe('readers that drop and resume at random, of runs in other processes', () => {
  let site: Site;
  let apis: SiteServer[];
  let worker: SiteServer;

  beforeAll(async () => {
    site = await Site.start();
    apis = [await site.startServer('api-1', { ROLES: 'api' }), await site.startServer('api-2', { ROLES: 'api' })];
    worker = await site.startServer('worker', { ROLES: 'worker' });
  });
  afterAll(() => site?.stop());

  async function startRuns(load: Load, random: Random): Promise<string[]> {
    const ids: string[] = [];
    for (let index = 0; index < RUNS; index += 1) {
      const runId = await load.startOne(randomFlow(random, `[readers/${index}]`, 'slow'), random.chance(0.5));
      if (runId !== undefined) ids.push(runId);
    }
    return ids;
  }

  /** By any mix of Socket.IO, server-sent events and pages, from either api. */
  async function readAsOne(load: Load, runId: string, seed: number): Promise<number[]> {
    const random = new ReaderRandom(seed);
    const readings = seed % 2 === 0 ? Object.values(READINGS) : [Object.values(READINGS)[random.below(5)] ?? never()];
    const url = apis[random.below(2)]?.url ?? '';
    const envelopes = await readAll(readings, { url, token: load.user.token, runId, random });
    return envelopes.map(({ seq }) => seq ?? 0);
  }

  it('have the journal, each event once and in order, also when the worker is killed amid it', async () => {
    onTestFailed(() => site.printLogs());
    const seed = inject('chaosSeed');
    const load = await Load.signIn(apis[0]?.url ?? '', new Random(seed));
    const ids = await startRuns(load, new Random(seed));
    const reading = Promise.all(
      ids.flatMap((id, run) =>
        Array.from({ length: READERS_PER_RUN }, async (_, reader) => ({
          id,
          seqs: await readAsOne(load, id, seed + run * READERS_PER_RUN + reader),
        })),
      ),
    );
    await sleep(800);
    worker.process.signal('SIGKILL');
    worker = await site.startServer('worker', { ROLES: 'worker' });
    const read = await reading;
    load.close();
    expect(ids).toHaveLength(RUNS);
    for (const { id, seqs } of read) {
      expect(seqs).toEqual((await readEvents(load.user, id)).map(({ seq }) => seq));
    }
  });

  it('get the text of steps in progress without a hole, and what they get is the text of the node', async () => {
    onTestFailed(() => site.printLogs());
    const random = new Random(inject('chaosSeed') + 1);
    const load = await Load.signIn(apis[0]?.url ?? '', random);
    const plan = randomFlow(random, '[text/1]', 'slow');
    const runId = (await load.startOne(plan, true)) ?? '';
    const followers = Array.from({ length: 24 }, async (_, index) => {
      await sleep(random.int(0, 1_500));
      return followText(apis[index % 2]?.url ?? '', load.user.token, runId, random.int(50, 1_000));
    });
    const stays = followText(apis[1]?.url ?? '', load.user.token, runId, TO_THE_END_MS);
    const texts = (await Promise.all(followers)).flatMap(assemble);
    const whole = assemble(await stays);
    await untilAllEnded(load.user, 10_000);
    load.close();
    const wrong = [...texts, ...whole].filter(
      ({ step, text }) => !plan.texts.get(step.replace('node:', ''))?.startsWith(text),
    );
    expect(wrong).toEqual([]);
    expect(texts.filter(({ text }) => text !== '').length).toBeGreaterThan(0);
    expect(whole.map(({ step }) => step).toSorted()).toEqual(
      [...plan.questions.keys()].map((id) => `node:${id}`).toSorted(),
    );
  });

  it('hear the same in a room, in one order, and whoever is put out hears nothing within a second', async () => {
    onTestFailed(() => site.printLogs());
    const [here = never(), there = never()] = apis.map(({ url }) => url);
    const [owner, guest] = [await SignedInClient.signUp(here), await SignedInClient.signUp(there)];
    const room = `/groups/${String((await owner.post('/groups', {})).body['id'])}`;
    const member = await owner.post(`${room}/members`, { kind: 'user', user_id: guest.userId });
    const stream = `group:${room.slice('/groups/'.length)}`;
    const near = await SocketReader.connect(here, owner.token);
    const far = await SocketReader.connect(there, guest.token);
    for (const reader of [near, far]) expect(await reader.subscribe(stream)).toMatchObject({ ok: true });
    await Promise.all([
      owner.post(`${room}/messages`, { content: 'A' }),
      guest.post(`${room}/messages`, { content: 'B' }),
    ]);
    for (const reader of [near, far]) await reader.until(() => reader.of('group.turn.completed').length === 2);
    expect(far.seqs(stream)).toEqual(near.seqs(stream));
    const messages = near.of('group.message').map(({ data }) => data['id']);
    expect(far.of('group.message').map(({ data }) => data['id'])).toEqual(messages);
    expect(new Set(messages).size).toBe(4);

    await owner.delete(`${room}/members/${String(member.body['id'])}`);
    await far.until(() => far.of('stream.revoked').length === 1, 1_000);
    await owner.post(`${room}/messages`, { content: 'Alone', wait_seconds: 20 });
    await near.until(() => near.of('group.turn.completed').length === 3);
    expect(far.of('group.message')).toHaveLength(4);
    expect((await guest.get(room)).status).toBe(404);
    near.close();
    far.close();
  });
});

function never(): never {
  throw new Error('There is no such reading');
}
