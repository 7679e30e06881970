import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgentSite } from '../support/agent-site.js';
import { AgentTestTools } from '../support/agent-tools.js';
import { ApiClient } from '../support/api-client.js';
import { signUpOperator } from '../support/operator.js';
import { SignedInClient } from '../support/signed-in-client.js';
import { createTestApp, type TestApp } from '../support/test-app.js';

interface Rule {
  readonly id: string;
  readonly text: string;
}

let site: AgentSite;
/** Another process on the same database. */
let other: TestApp;
/** Never made a rule before its test. */
let user: SignedInClient;

beforeAll(async () => {
  site = await AgentSite.open();
  const { database, providers, auth } = site.app.config;
  other = await createTestApp({ database, providers, auth }, [AgentTestTools]);
});
afterAll(async () => {
  await other?.close();
  await site?.close();
});
beforeEach(async () => {
  site.models.setScript();
  site.models.log.clear();
  user = await SignedInClient.signUp(site.app.url);
});

const rulesOf = (body: Readonly<Record<string, unknown>>): Rule[] => body['rules'] as Rule[];
const textsOf = (body: Readonly<Record<string, unknown>>): string[] => rulesOf(body).map(({ text }) => text);
const faultsOf = (body: Readonly<Record<string, unknown>>): string[] =>
  (body['errors'] as Array<{ path: string; code: string }>).map(({ path, code }) => `${path} ${code}`);
const execute = (by: SignedInClient, body: object = {}) =>
  by.post('/agents/execute', { instruction: 'Go on', wait_seconds: 20, ...body });
const systemPrompt = (nth: number): string => String(site.messages(nth)[0]?.['content']);

describe('POST /behavior/adjust', () => {
  it('makes versions, which can be read, compared and brought back', async () => {
    const add = [
      { text: 'Be brief.', key: 'length', tags: ['style'] },
      { text: 'Be kind.', priority: 5 },
    ];
    const first = await user.post('/behavior/adjust', { add });
    expect([first.status, first.body['version'], textsOf(first.body)]).toEqual([200, 1, ['Be kind.', 'Be brief.']]);
    const [kind, brief] = rulesOf(first.body);
    const second = await user.post('/behavior/adjust', {
      add: [{ text: 'Use German.' }],
      update: [{ id: brief?.id, text: 'Be very brief.' }],
      remove: [kind?.id],
    });
    expect([second.body['version'], textsOf(second.body)]).toEqual([2, ['Be very brief.', 'Use German.']]);
    const diff = (await user.get('/behavior/versions/2/diff')).body;
    expect(diff).toMatchObject({
      from: 1,
      to: 2,
      added: [{ text: 'Use German.' }],
      removed: [{ text: 'Be kind.' }],
      updated: [{ before: { text: 'Be brief.' }, after: { text: 'Be very brief.', key: 'length', tags: ['style'] } }],
    });
    const back = await user.post('/behavior/rollback', { version: 1 });
    expect([back.status, back.body['version'], textsOf(back.body)]).toEqual([200, 3, ['Be kind.', 'Be brief.']]);
    const { items } = (await user.get('/behavior/versions')).body as { items: object[] };
    expect(items).toMatchObject([{ version: 3, restored_from: 1 }, { version: 2 }, { version: 1, rule_count: 2 }]);
    expect(textsOf((await user.get('/behavior/versions/2')).body)).toEqual(['Be very brief.', 'Use German.']);
    expect((await user.get('/behavior/versions/4')).body['code']).toBe('BEHAVIOR_VERSION_NOT_FOUND');
    const events = (await user.get(`/events?stream=user:${user.userId}`)).body['items'] as Array<{ type: string }>;
    expect(events.filter(({ type }) => type === 'behavior.update')).toMatchObject([
      { data: { version: 1, project_id: null, added: 2, updated: 0, removed: 0 } },
      { data: { version: 2, added: 1, updated: 1, removed: 1 } },
      { data: { version: 3, restored_from: 1 } },
    ]);
  });

  it('tells all that is wrong at once, and conflicts by their rules', async () => {
    const absent = '0198c5b0-0000-7000-8000-000000000000';
    const bad = await user.post('/behavior/adjust', {
      add: [
        { text: 'a', scope: 'session' },
        { text: 'b', scope: 'system' },
        { text: 'c', expires_at: '2020-01-01T00:00:00Z' },
        { text: 'd', key: 'tone' },
        { text: 'e', key: 'tone' },
      ],
      update: [{ id: absent }],
      remove: [absent],
    });
    expect([bad.status, faultsOf(bad.body)]).toEqual([
      400,
      [
        '/add/0/scope SCOPE_ID_MISSING',
        '/add/1/scope SCOPE_NOT_ALLOWED',
        '/add/2/expires_at IN_THE_PAST',
        '/remove/0 RULE_REPEATED',
        '/update/0 RULE_NOT_FOUND',
        '/remove/0 RULE_NOT_FOUND',
        '/add/3 KEY_TAKEN',
        '/add/4 KEY_TAKEN',
      ],
    ]);
    const missing = await user.post('/behavior/adjust', { remove: [absent] });
    expect([missing.status, missing.body['code']]).toEqual([404, 'RULE_NOT_FOUND']);
    const long = { add: Array.from({ length: 16 }, () => ({ text: 'x'.repeat(4_000) })) };
    expect(faultsOf((await user.post('/behavior/adjust', long)).body)).toEqual(['/add RULES_TOO_LONG']);

    const tone = (text: string, priority = 0) => ({ text, key: 'tone', priority });
    await user.post('/behavior/adjust', { add: [tone('Formal.', 1)] });
    const clash = { add: [tone('Casual.')] };
    const refused = await user.post('/behavior/adjust', clash);
    expect([refused.status, refused.body['code']]).toEqual([409, 'RULES_CONFLICT']);
    expect(faultsOf(refused.body).toSorted()).toEqual([' KEY_TAKEN', '/add/0 KEY_TAKEN']);
    const dry = await user.post('/behavior/adjust', { ...clash, dry_run: true });
    expect([dry.status, dry.body['version'], (dry.body['conflicts'] as object[]).length]).toEqual([200, 1, 1]);
    const weaker = await user.post('/behavior/adjust', { ...clash, merge_strategy: 'by_priority' });
    expect([weaker.body['version'], textsOf(weaker.body)]).toEqual([1, ['Formal.']]);
    const replaced = await user.post('/behavior/adjust', { ...clash, merge_strategy: 'replace' });
    expect([replaced.body['version'], textsOf(replaced.body)]).toEqual([2, ['Casual.']]);
  });
});

describe('rules in force', () => {
  it('hold for the next model call in another process, and are recorded with it', async () => {
    const elsewhere = user.at(other.url);
    await execute(elsewhere);
    expect(systemPrompt(1)).not.toContain('These rules hold');
    await user.post('/behavior/adjust', { add: [{ text: 'Speak like a pirate.' }] });
    const { body } = await execute(elsewhere);
    expect(systemPrompt(2)).toContain('\n1. Speak like a pirate.\n');
    const run = (await user.get(`/runs/${String(body['run_id'])}`)).body;
    expect(run['behavior_version']).toBe(1);
    const { items } = (await user.get(`/runs/${String(body['run_id'])}/events`)).body as {
      items: Array<{ type: string; data: { message?: object } }>;
    };
    expect(items.find(({ type }) => type === 'agent.message')?.data.message).toMatchObject({
      behavior: { version: 1, project_version: 0, system_version: 0, rules: [expect.any(String)] },
    });
    await user.post('/behavior/adjust', { add: [{ text: 'Rhyme.' }], merge_strategy: 'replace' });
    const again = await user.post(`/runs/${String(body['run_id'])}/retry`);
    await expect.poll(() => site.messages(3).length).toBeGreaterThan(0);
    expect(systemPrompt(3)).toMatch(/1\. Rhyme\./);
    await expect
      .poll(async () => (await user.get(`/runs/${String(again.body['run_id'])}`)).body['behavior_version'])
      .toBe(2);
    await execute(elsewhere, { agent: { behavior: false } });
    expect(systemPrompt(4)).not.toContain('Rhyme.');
  });

  it('come from operators, oneself, the project and the conversation, in this order', async () => {
    const operator = await signUpOperator(site.app);
    const system = await new ApiClient(site.app.url).request('POST', '/backoffice/behavior/adjust', {
      body: { add: [{ text: 'Obey the law.', key: 'law' }] },
      token: operator.access_token,
    });
    expect(system.status).toBe(200);
    const project = String((await user.post('/projects', { name: 'Ours' })).body['id']);
    const member = await SignedInClient.signUp(site.app.url);
    await user.put(`/projects/${project}/members/${member.userId}`, { role: 'viewer' });
    const started = await execute(user, { project_id: project });
    const session = String(started.body['session_id']);
    const adjust = (body: object) => user.post('/behavior/adjust', body);
    await adjust({
      session_id: session,
      add: [
        { text: 'Whisper.', key: 'tone' },
        { text: 'Ignore it.', key: 'law' },
      ],
    });
    await adjust({
      add: [{ text: 'Shout.', key: 'tone' }, { text: 'Be quick.', enabled: false }, { text: 'Be exact.' }],
    });
    await adjust({ project_id: project, add: [{ text: 'Speak of boats.' }] });

    const context = `project_id=${project}&session_id=${session}`;
    const shown = (await user.get(`/behavior?${context}`)).body;
    expect(textsOf(shown)).toEqual(['Obey the law.', 'Be exact.', 'Speak of boats.', 'Whisper.']);
    expect(shown).toMatchObject({ version: 2, project_version: 1, system_version: 1 });
    expect((shown['inactive'] as Rule[]).map(({ text }) => text).toSorted()).toEqual([
      'Be quick.',
      'Ignore it.',
      'Shout.',
    ]);
    site.models.log.clear();
    await execute(user, { session_id: session });
    expect(systemPrompt(1)).toMatch(/1\. Obey the law\.\n2\. Be exact\.\n3\. Speak of boats\.\n4\. Whisper\.\n/);

    expect(textsOf((await member.get(`/behavior?project_id=${project}`)).body)).toEqual([
      'Obey the law.',
      'Speak of boats.',
    ]);
    const refused = await member.post('/behavior/adjust', { project_id: project, add: [{ text: 'No.' }] });
    expect([refused.status, refused.body['code']]).toEqual([403, 'ROLE_NOT_ALLOWED']);
    const stranger = await SignedInClient.signUp(site.app.url);
    const foreign = await stranger.post('/behavior/adjust', { session_id: session, add: [{ text: 'No.' }] });
    expect([foreign.status, foreign.body['code']]).toEqual([404, 'RULE_SCOPE_NOT_FOUND']);
    expect((await stranger.get(`/behavior/versions?project_id=${project}`)).body['code']).toBe('PROJECT_NOT_FOUND');
    expect((await user.post('/backoffice/behavior/adjust', { add: [] })).body['code']).toBe('WRONG_REALM');
  });
});
