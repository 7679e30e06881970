import { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { GroupStreams } from '../../src/modules/groups/group-streams.js';
import { Attendance } from '../../src/modules/groups/hours/attendance.service.js';
import { MessageStore } from '../../src/modules/groups/messages/message-store.js';
import { TurnsService } from '../../src/modules/groups/messages/turns.service.js';
import { TriggerFiring } from '../../src/modules/groups/triggers/trigger-firing.service.js';
import { Random } from '../model/random.js';
import { AgentSite } from '../support/agent-site.js';
import { mortalDatabase, SimulatedClock } from '../support/scheduler-simulation.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { SocketReader } from '../support/socket-reader.js';
import { createTestApp } from '../support/test-app.js';

type Body = Readonly<Record<string, unknown>>;

let site: AgentSite;

beforeAll(async () => {
  site = await AgentSite.open({ groups: { actorSeconds: 2 } });
});
afterAll(() => site?.close());
beforeEach(() => {
  site.models.setScript();
  site.models.log.clear();
});

/** With these agents in it; what each is told of its role is what the model's script goes by. */
async function group(agents: readonly string[] = [], more: object = {}): Promise<string> {
  const { status, body } = await site.user.post('/groups', { orchestrator: { role_prompt: 'ROLE-LEAD' }, ...more });
  expect(status).toBe(201);
  for (const alias of agents) await add(body['id'], { alias, role_prompt: `ROLE-${alias}` });
  return String(body['id']);
}

async function add(groupId: unknown, member: object): Promise<Body> {
  const { status, body } = await site.user.post(`/groups/${String(groupId)}/members`, member);
  expect([status, body]).toMatchObject([201, {}]);
  return body;
}

function say(groupId: string, content: string, more: object = {}, as = site.user) {
  return as.post(`/groups/${groupId}/messages`, { content, wait_seconds: 20, ...more });
}

function lines({ messages }: Body): string[] {
  return (messages as Body[]).map(({ sender, content }) => `${String((sender as Body)['alias'])}: ${String(content)}`);
}

/** Of a process that is killed now and then. */
function triggerFiring(clock: SimulatedClock, random: Random): TriggerFiring {
  const find = <T>(type: new (...args: never[]) => T): T => site.app.app.get(type, { strict: false });
  const database = mortalDatabase(find(DataSource), () => random.next(), 0.2);
  const services = [find(Attendance), find(MessageStore), find(TurnsService), find(GroupStreams)] as const;
  return new TriggerFiring(database, clock, ...services);
}

async function routes(groupId: string): Promise<unknown[][]> {
  const { body } = await site.user.get(`/events?stream=group:${groupId}&limit=500`);
  const routed = (body['items'] as Body[]).filter(({ type }) => type === 'group.routed');
  return routed.map(({ data }) => [(data as Body)['rule'], (data as Body)['actors']]);
}

describe('members', () => {
  it('are the Orchestrator, the owner, and whoever is let in', async () => {
    const id = await group(['Critic']);
    const { body } = await site.user.get(`/groups/${id}`);
    const members = body['members'] as Body[];
    expect(members.map(({ alias, kind, role }) => [alias, kind, role])).toEqual([
      ['Orchestrator', 'agent', null],
      [expect.any(String), 'user', 'owner'],
      ['Critic', 'agent', null],
    ]);
    const [orchestrator, owner] = members.map((member) => `/groups/${id}/members/${String(member['id'])}`);
    const refused = [
      await site.user.post(`/groups/${id}/members`, { alias: 'critic' }),
      await site.user.post(`/groups/${id}/members`, { alias: 'User' }),
      await site.user.post(`/groups/${id}/members`, { alias: 'a]b' }),
      await site.user.patch(orchestrator ?? '', { alias: 'Boss' }),
      await site.user.delete(orchestrator ?? ''),
      await site.user.delete(owner ?? ''),
    ];
    expect(refused.map(({ status, body: { code } }) => [status, code])).toEqual([
      [409, 'ALIAS_TAKEN'],
      [409, 'ALIAS_RESERVED'],
      [400, 'INVALID_INPUT'],
      [409, 'ORCHESTRATOR_FIXED'],
      [409, 'ORCHESTRATOR_FIXED'],
      [409, 'GROUP_OWNER_FIXED'],
    ]);
    expect((await site.user.patch(orchestrator ?? '', { temperature: 1 })).body).toMatchObject({ temperature: 1 });
  });

  it('see nothing more once they are out', async () => {
    const id = await group();
    const guest = await SignedInClient.signUp(site.app.url);
    expect((await guest.get(`/groups/${id}`)).status).toBe(404);
    const member = await add(id, { kind: 'user', user_id: guest.userId, role: 'viewer' });
    expect((await say(id, 'Hello', {}, guest)).body['code']).toBe('ROLE_NOT_ALLOWED');
    const reader = await SocketReader.connect(site.app.url, guest.token);
    expect(await reader.subscribe(`group:${id}`)).toMatchObject({ ok: true });
    await site.user.delete(`/groups/${id}/members/${String(member['id'])}`);
    await reader.until(() => reader.of('stream.revoked').length > 0, 1_500);
    await say(id, 'Are we alone?');
    expect(reader.of('group.message')).toEqual([]);
    expect((await guest.get(`/groups/${id}/messages`)).status).toBe(404);
    reader.close();
  });
});

describe('turns', () => {
  it('go from the Orchestrator to members side by side and back, live', async () => {
    const id = await group(['Ada', 'Bob']);
    site.models.setScript(
      { content: 'ROLE-Ada', answer: { text: 'One.[MESSAGE_END] and more' } },
      { content: 'ROLE-Bob', answer: { text: 'Two.', pieceSize: 1 } },
      { content: 'ROLE-LEAD', times: 1, answer: { text: '@[ada] and @[Bob], count. @[Nobody]' } },
      { content: 'ROLE-LEAD', answer: { text: 'One and two. TASK_COMPLETE' } },
    );
    const reader = await SocketReader.connect(site.app.url, site.user.token);
    await reader.subscribe(`group:${id}`);
    const { status, body } = await say(id, 'Count!');
    expect([status, body['status']]).toEqual([200, 'completed']);
    const said = lines(body);
    expect(said[1]).toBe('Orchestrator: @[ada] and @[Bob], count. @[Nobody]');
    expect(said[2]).toContain('system: To Orchestrator: nobody here has the name Nobody.');
    expect(said.slice(3, 5).toSorted()).toEqual(['Ada: One.', 'Bob: Two.']);
    expect(said[5]).toBe('Orchestrator: One and two.');
    const { input } = (await site.user.get(`/runs/${String(body['run_id'])}`)).body;
    expect(input).toMatchObject({ opening: { decision: { rule: 'to_orchestrator' } } });
    expect(await routes(id)).toEqual([
      ['to_orchestrator', ['Orchestrator']],
      ['mentions', ['Ada', 'Bob']],
      ['to_orchestrator', ['Orchestrator']],
      ['task_complete', []],
    ]);
    await reader.until(() => reader.of('group.turn.completed').length > 0);
    expect(reader.of('group.turn.completed')[0]?.data).toMatchObject({ reason: 'task_complete', rounds: 3 });
    const typed = reader.of('agent.token').filter(({ data }) => data['alias'] === 'Bob');
    expect(typed.map(({ data }) => data['text']).join('')).toBe('Two.');
    expect(typed[0]).toMatchObject({ stream: `group:${id}`, data: { turn_id: body['turn_id'], step: 'llm:1' } });
    expect(reader.seqs(`group:${id}`)).toEqual(reader.seqs(`group:${id}`).toSorted((a, b) => a - b));
    reader.close();
    const { body: page } = await site.user.get(`/groups/${id}/messages?limit=2`);
    expect(lines({ messages: page['items'] })).toEqual([said[5], said[4]]);
    const heard = site.models.log.list().at(-1)?.body['messages'] as Body[];
    expect(heard.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  });

  it('take in agents that have much to be told', async () => {
    const id = await group();
    await add(id, { alias: 'Ada', role_prompt: `ROLE-Ada ${'Be brief. '.repeat(7_000)}` });
    site.models.setScript({ content: 'ROLE-Ada', answer: { text: 'Yes.' } });
    const { body } = await say(id, '@[Ada] hello');
    expect([body['status'], lines(body)[1]]).toEqual(['completed', 'Ada: Yes.']);
  });

  it('go on when an actor fails, and when one hangs', async () => {
    const id = await group(['Ada', 'Bob', 'Cy']);
    site.models.setScript(
      { content: 'ROLE-Ada', answer: { fault: { kind: 'status', status: 400 } } },
      { content: 'ROLE-Bob', answer: { fault: { kind: 'hang' } } },
      { content: 'ROLE-Cy', answer: { text: 'I am here.' } },
      { content: 'ROLE-LEAD', times: 1, answer: { text: '@[Ada] @[Bob] @[Cy] speak' } },
      { content: 'ROLE-LEAD', answer: { text: 'Two are missing.' } },
    );
    const said = lines((await say(id, 'Roll call')).body);
    expect(said.slice(2, 5).toSorted()).toEqual([
      'Cy: I am here.',
      expect.stringMatching(/^system: Ada did not answer: /),
      expect.stringMatching(/^system: Bob did not answer: /),
    ]);
    expect(said[5]).toBe('Orchestrator: Two are missing.');
    expect((await routes(id)).map(([rule]) => rule)).toContain('system_error');
  });

  it('give results of tools to the agent that called, beside another', async () => {
    const id = await group(['Ada']);
    await add(id, { alias: 'Calc', role_prompt: 'ROLE-Calc', tools: ['test.echo'] });
    const call = { name: 'test.echo', arguments: '{"text":"42"}' };
    site.models.setScript(
      { content: 'ROLE-Calc', after: 'tool', answer: { text: 'It is 42.' } },
      { content: 'ROLE-Calc', answer: { toolCalls: [call] } },
      { content: 'ROLE-Ada', answer: { text: 'Hm.' } },
      { content: 'ROLE-LEAD', answer: { text: 'Thanks.' } },
    );
    const { body } = await say(id, '@[Calc] @[Ada] what is 6 * 7?');
    expect(lines(body).slice(1).toSorted()).toEqual(['Ada: Hm.', 'Calc: It is 42.', 'Orchestrator: Thanks.']);
    expect(await routes(id)).toContainEqual(['tool_calls', ['Calc']]);
    const told = site.models.log.list().filter(({ body: asked }) => JSON.stringify(asked).includes('"role":"tool"'));
    expect(told).toHaveLength(1);
  });

  it('recall by what was said last, and nothing of the owner once others listen', async () => {
    const id = await group();
    for (const content of ['Bertil keeps bees.', 'Bertha bakes bread.'])
      await site.user.post('/memory/save', { content });
    const stored = { name: 'Mind', system_prompt: 'ROLE-Mind', memory: { recall: true, write: false } };
    const { body: mind } = await site.user.post('/agents', stored);
    await add(id, { alias: 'Mind', agent_id: mind['id'], role_prompt: 'ROLE-Part' });
    await site.user.post('/behavior/adjust', { add: [{ text: 'Be brief.' }] });
    site.models.setScript(
      { content: 'ROLE-Mind', answer: { text: 'Bees.' } },
      { content: 'ROLE-LEAD', times: 1, answer: { text: '@[Mind], what does Bertil keep?' } },
      { content: 'ROLE-LEAD', answer: { text: 'Bees.' } },
    );
    const promptOfMind = () => {
      const prompts = site.models.log.list().map(({ body }) => String((body['messages'] as Body[])[0]?.['content']));
      return prompts.findLast((prompt) => prompt.includes('ROLE-Mind'));
    };
    await say(id, 'Ask about him.');
    const parts = ['You are Mind, in a group', 'ROLE-Mind', 'ROLE-Part', 'Be brief', 'Bertil keeps bees'];
    expect(promptOfMind()).toMatch(new RegExp(parts.join('[^]*')));
    expect(promptOfMind()).not.toContain('bread');
    const guest = await SignedInClient.signUp(site.app.url);
    await add(id, { kind: 'user', user_id: guest.userId });
    site.models.log.clear();
    await say(id, '@[Mind] and who keeps bees?');
    expect(promptOfMind()).toContain('Be brief');
    expect(promptOfMind()).not.toContain('Bertil keeps');
  });

  it('come one after another, are interrupted, refused, or stopped', async () => {
    const id = await group();
    site.models.setScript({ content: 'ROLE-LEAD', answer: { text: 'Well.', delayMs: 400 } });
    const [first, second] = await Promise.all([say(id, 'First?'), say(id, 'Second?')]);
    expect([first?.body['status'], second?.body['status']]).toEqual(['completed', 'completed']);
    const { body: page } = await site.user.get(`/groups/${id}/messages?order=asc`);
    const times = (page['items'] as Body[]).map(({ created_at: at }) => Date.parse(String(at)));
    expect(new Set(times).size).toBe(4);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const heard = site.models.log.list().map(({ body }) => JSON.stringify(body['messages']));
    expect(heard.filter((text) => text.includes('First?') && text.includes('Second?'))).toHaveLength(1);

    const slow = await say(id, 'Slow?', { wait_seconds: 0 });
    expect(slow.status).toBe(202);
    expect((await say(id, 'No?', { when_busy: 'reject' })).body['code']).toBe('TURN_RUNNING');
    expect((await say(id, 'Now?', { when_busy: 'interrupt' })).body['status']).toBe('completed');
    expect((await site.user.get(`/runs/${String(slow.body['run_id'])}`)).body['status']).toBe('cancelled');
    const last = await say(id, 'Last?', { wait_seconds: 0 });
    expect((await site.user.post(`/groups/${id}/stop`)).body).toEqual({ turn_ids: [last.body['turn_id']] });
    const { body } = await site.user.get(`/events?stream=group:${id}&limit=500`);
    const ended = (body['items'] as Body[]).filter(({ type }) => type === 'group.turn.completed');
    expect(ended.map(({ data }) => (data as Body)['reason'])).toEqual([
      'no_command',
      'no_command',
      'interrupted',
      'no_command',
      'stopped',
    ]);
  });

  it('are told of as over when their run is cancelled, and go with their group', async () => {
    const id = await group();
    site.models.setScript({ content: 'ROLE-LEAD', answer: { fault: { kind: 'hang' } } });
    const reader = await SocketReader.connect(site.app.url, site.user.token);
    await reader.subscribe(`group:${id}`);
    const cancelled = await say(id, 'Cancelled?', { wait_seconds: 0 });
    await reader.until(() => reader.of('group.routed').length === 1);
    await site.user.post(`/runs/${String(cancelled.body['run_id'])}/cancel`);
    await reader.until(() => reader.of('group.turn.completed').length === 1, 1_500);
    expect(reader.of('group.turn.completed')[0]?.data).toMatchObject({ reason: 'cancelled' });
    const deleted = await say(id, 'Deleted?', { wait_seconds: 0 });
    await reader.until(() => reader.of('group.routed').length === 2);
    await site.user.delete(`/groups/${id}`);
    const status = async () => (await site.user.get(`/runs/${String(deleted.body['run_id'])}`)).body['status'];
    await vi.waitFor(async () => expect(await status()).toBe('cancelled'), 5_000);
    reader.close();
  });

  it('are none when the agents are off, and with the one agent where there is no orchestration', async () => {
    const id = await group(['Ada'], { policy: 'direct' });
    site.models.setScript({ content: 'ROLE-Ada', answer: { text: 'At your service.' } });
    expect(lines((await say(id, 'Hello')).body).slice(1)).toEqual(['Ada: At your service.']);
    expect(await routes(id)).toEqual([
      ['to_orchestrator', ['Ada']],
      ['no_command', []],
    ]);
    await site.user.patch(`/groups/${id}`, { ai_mode: 'mentions_only' });
    expect((await say(id, 'Anybody?')).body).toMatchObject({ turn_id: null, run_id: null });
    expect((await say(id, '@[ADA]?')).body['status']).toBe('completed');
  });

  it('wait while the agents are away, of which people are told once', async () => {
    const inThreeDays = new Date(Date.now() + 3 * 86_400_000).toLocaleDateString('en', {
      weekday: 'short',
      timeZone: 'UTC',
    });
    const days = [inThreeDays.toLowerCase()];
    const id = await group([], { availability: { timezone: 'UTC', windows: [{ days, from: '22:00', to: '21:00' }] } });
    expect((await say(id, 'Anybody?')).body).toMatchObject({ turn_id: null, run_id: null });
    await say(id, 'Nobody?');
    const { body } = await site.user.get(`/groups/${id}/messages?order=asc`);
    expect((body['items'] as Body[]).map(({ content }) => content)).toEqual([
      'Anybody?',
      expect.stringMatching(/^The agents are away until \d{4}-\d\d-\d\dT22:00:00\+00:00 \(UTC\)/),
      'Nobody?',
    ]);
    const unknown = { timezone: 'Berlin', windows: [{ days, from: '22:00', to: '21:00' }] };
    expect((await site.user.patch(`/groups/${id}`, { availability: unknown })).status).toBe(400);
    expect((await site.user.patch(`/groups/${id}`, { availability: null })).body['availability']).toBeNull();
    expect((await say(id, 'Now?')).body['status']).toBe('completed');
  });

  it('are begun by triggers, each once, whoever looks and whoever is killed', async () => {
    const id = await group([], { ai_mode: 'mentions_only' });
    const triggers = {
      Count: { every_messages: 3 },
      Timer: { after_minutes: 10 },
      Calm: { after_silence_minutes: 20 },
    };
    for (const [alias, trigger] of Object.entries(triggers)) {
      const added = await add(id, { alias, role_prompt: `ROLE-${alias}`, triggers: trigger });
      expect(added['triggers']).toMatchObject(trigger);
    }
    for (const word of ['one', 'two', 'three']) await say(id, word);
    const started = () =>
      site.app.app.get(DataSource).query<{ alias: string }[]>(
        `SELECT substring(m.content from '^@\\[(\\w+)\\]') AS alias FROM group_turns t
          JOIN group_messages m ON m.id = t.message_id WHERE t.group_id = $1 ORDER BY t.created_at, t.id`,
        [id],
      );
    await vi.waitFor(async () => expect(await started()).toMatchObject([{ alias: 'Count' }]), 5_000);
    const clock = new SimulatedClock();
    const random = new Random(7);
    const fleet = Array.from({ length: 3 }, () => triggerFiring(clock, random));
    const expectAfter = async (minutes: number, aliases: readonly string[]) => {
      clock.nowMs = Date.now() + minutes * 60_000;
      const look = () => Promise.all(fleet.map((one) => one.fireDue()));
      for (let looks = 0; looks < 6; looks += 1) await look();
      // All may have been killed each time.
      for (let looks = 0; looks < 60 && (await started()).length < aliases.length; looks += 1) await look();
      expect((await started()).map(({ alias }) => alias)).toEqual(aliases);
    };
    await expectAfter(9, ['Count']);
    await expectAfter(11, ['Count', 'Timer']);
    await expectAfter(25, ['Count', 'Timer', 'Calm']);
    await expectAfter(600, ['Count', 'Timer', 'Calm']);
    await site.user.post(`/groups/${id}/stop`);
  });

  it('are heard by people on other processes, and a long conversation by its summary', async () => {
    const { database, auth, providers } = site.app.config;
    const other = await createTestApp({
      database: { url: database.url },
      auth,
      providers,
      server: { roles: new Set(['api']) },
    });
    const id = await group();
    site.models.setScript(
      { content: 'Summarise the beginning', answer: { text: 'They like fog.' } },
      { content: 'ROLE-LEAD', answer: { text: 'I see what you mean.', pieceSize: 4, pieceDelayMs: 100 } },
    );
    const guest = await SignedInClient.signUp(site.app.url);
    await add(id, { kind: 'user', user_id: guest.userId });
    const far = await SocketReader.connect(other.url, guest.token);
    await far.subscribe(`group:${id}`);
    expect(await far.send('group.message', { group_id: id, content: 'I like fog.' })).toMatchObject({ ok: true });
    await far.until(() => far.of('group.turn.completed').length === 1);
    const typed = far.of('agent.token').map(({ data }) => [data['alias'], data['text']]);
    expect(typed.length).toBeGreaterThan(0);
    expect(typed[0]?.[0]).toBe('Orchestrator');
    expect('I see what you mean.').toContain(typed.map(([, text]) => text).join(''));
    await site.user.patch(`/groups/${id}`, { ai_mode: 'off' });
    for (const word of ['one', 'two', 'three', 'four']) await say(id, `${word} ${'fog '.repeat(7_000)}`);
    await site.user.patch(`/groups/${id}`, { ai_mode: 'on' });
    site.models.log.clear();
    expect(lines((await say(id, 'What do we like?')).body).at(-1)).toBe('Orchestrator: I see what you mean.');
    const calls = site.models.log.list().map(({ body }) => JSON.stringify(body['messages']));
    expect(calls).toHaveLength(2);
    expect(calls[1]).toContain('They like fog.');
    expect(calls[1]).toContain('What do we like?');
    expect(calls[1]).not.toContain('one fog');
    await say(id, 'And now?');
    expect(site.models.log.list()).toHaveLength(3);
    site.models.setScript(
      { content: 'Summarise the beginning', answer: { fault: { kind: 'status', status: 400 } } },
      { content: 'ROLE-LEAD', answer: { text: 'I see.' } },
    );
    await site.user.patch(`/groups/${id}`, { ai_mode: 'off' });
    for (const word of ['five', 'six', 'seven']) await say(id, `${word} ${'fog '.repeat(7_000)}`);
    await site.user.patch(`/groups/${id}`, { ai_mode: 'on' });
    site.models.log.clear();
    for (const word of ['Well?', 'And?']) expect(lines((await say(id, word)).body).at(-1)).toBe('Orchestrator: I see.');
    const asked = site.models.log.list().map(({ body }) => JSON.stringify(body['messages']));
    expect(asked.map((text) => text.includes('Summarise the beginning'))).toEqual([true, false, false]);
    far.close();
    await other.close();
  });
});
