import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AgentSite } from '../support/agent-site.js';
import { executeSql } from '../support/execute-sql.js';
import { graphOf } from '../support/flow-client.js';
import { SignedInClient } from '../support/signed-in-client.js';

type Body = Readonly<Record<string, unknown>>;

let site: AgentSite;
let count = 0;

beforeAll(async () => {
  site = await AgentSite.open({ network: { allowedAddresses: ['127.0.0.1'] } });
});
afterAll(() => site?.close());
beforeEach(() => site.models.setScript());

const solutionOf = (content: string) => ({
  problem: 'What is a price with VAT?',
  approach: 'Multiply.',
  artifacts: [
    { name: 'vat.js', language: 'javascript', content },
    { name: 'notes.md', language: 'markdown', content: '# VAT' },
  ],
});

async function save(code: string, more: object = {}, client = site.user): Promise<string> {
  const { status, body } = await client.post('/memory/save', { solution: solutionOf(code), ...more });
  expect(status).toBe(201);
  return String(body['id']);
}

const manifest = (more: object = {}) => ({
  domain: 'prices',
  name: 'with-vat',
  description: 'Adds VAT.',
  input_schema: { type: 'object', properties: { net: { type: 'number' } }, additionalProperties: false },
  examples: [{ input: { net: 10 }, expected_output: { gross: 12 } }],
  ...more,
});

async function promote(id: string, more: object = {}, client = site.user): Promise<Body & { readonly status: number }> {
  const { status, body } = await client.post(`/memory/solutions/${id}/promote`, manifest(more));
  return { ...body, status };
}

async function invoke(name: string, args: object = {}, more: object = {}, client = site.user): Promise<Body> {
  const { body } = await client.post(`/tools/${encodeURIComponent(name)}/invoke`, { arguments: args, ...more });
  return body;
}

/** Of a name of its own, whose one example expects `output` of no input. */
async function tool(code: string, output: unknown, more: object = {}): Promise<Body & { readonly status: number }> {
  const examples = [{ input: {}, expected_output: output }];
  return promote(await save(code), { name: `t${(count += 1)}`, examples, ...more });
}

const VAT = '({ gross: input.net * 1.2 })';
const PATH = '/tools/prices%2Fwith-vat';

describe('solutions', () => {
  it('are remembered with their artefacts, found by what they say, and changed', async () => {
    const id = await save(VAT);
    const { body } = await site.user.get(`/memory/items/${id}`);
    expect(body).toMatchObject({ kind: 'solution', content: 'What is a price with VAT?\n\nMultiply.' });
    expect(body['solution']).toEqual({ ...solutionOf(VAT), outcome: '' });
    const { body: found } = await site.user.get('/memory/query?q=price+with+VAT&kind=solution');
    const [hit] = found['items'] as Array<{ item: { solution: { artifacts: object[] } } }>;
    expect(hit?.item.solution.artifacts[0]).toEqual({ name: 'vat.js', language: 'javascript' });
    await site.user.patch(`/memory/items/${id}`, { solution: { problem: 'P', approach: 'A', outcome: 'O' } });
    const changed = (await site.user.get(`/memory/items/${id}`)).body;
    expect(changed).toMatchObject({ content: 'P\n\nA\n\nO', solution: { artifacts: [], outcome: 'O' } });
  });

  it('are kept by agents too', async () => {
    const { solution, content } = { solution: solutionOf(VAT), content: 'How VAT is added.' };
    const { output } = (await invoke('memory_save', { content, solution })) as { output: { id: string } };
    const { body } = await site.user.get(`/memory/items/${output.id}`);
    expect(body).toMatchObject({ kind: 'solution', content, solution: { ...solution, outcome: '' } });
  });

  it('may have null in place of what they need not have', async () => {
    const solution = { problem: 'P', approach: 'A', artifacts: null, outcome: null };
    const { status, body } = await site.user.post('/memory/save', { solution });
    expect([status, body]).toMatchObject([201, { solution: { artifacts: [], outcome: '' } }]);
  });

  it('are refused when they are too much, or of another kind', async () => {
    const long = { name: 'a', language: 'js', content: 'x'.repeat(60_000) };
    const refused = [
      { solution: { problem: 'P', approach: 'A', artifacts: [long, { ...long, name: 'b' }] } },
      { solution: { problem: 'P', approach: 'A', artifacts: [1, 2].map(() => ({ ...long, content: '' })) } },
      { solution: { problem: 'P', approach: 'A', artifacts: [[]] } },
      { solution: { problem: '', approach: 'A' } },
      { solution: { problem: 'P', approach: 'A' }, kind: 'fragment' },
      { kind: 'solution' },
      { solution: null },
    ];
    for (const body of refused) expect((await site.user.post('/memory/save', body)).status).toBe(400);
  });
});

describe('promotion', () => {
  it('makes versions of a tool, of which one is in force until it is removed', async () => {
    const id = await save(VAT);
    expect(await promote(id)).toMatchObject({ status: 201, name: 'prices/with-vat', version: 1, promoted_from: id });
    expect(await invoke('prices/with-vat', { net: 5 })).toEqual({ ok: true, output: { gross: 6 } });
    await site.user.patch(`/memory/items/${id}`, { solution: solutionOf('({ gross: input.net * 1.5 })') });
    const second = { examples: [{ input: { net: 10 }, expected_output: { gross: 15 } }], description: 'More VAT.' };
    expect(await promote(id, second)).toMatchObject({ status: 201, version: 2 });
    expect((await site.user.delete(`/memory/items/${id}`)).status).toBe(204);
    expect(await invoke('prices/with-vat', { net: 10 })).toMatchObject({ output: { gross: 15 } });

    const rolledBack = await site.user.post(`${PATH}/rollback`, { version: 1 });
    expect([rolledBack.status, rolledBack.body]).toMatchObject([200, { version: 1, in_force: true }]);
    expect(await invoke('prices/with-vat', { net: 10 })).toMatchObject({ output: { gross: 12 } });
    expect((await site.user.get(PATH)).body).toMatchObject({ version: 1, description: 'Adds VAT.' });
    const { body: listed } = await site.user.get(`${PATH}/versions`);
    expect((listed['items'] as Body[]).map(({ version, in_force: isInForce }) => [version, isInForce])).toEqual([
      [2, false],
      [1, true],
    ]);
    expect((await site.user.get(`${PATH}/versions/1`)).body).toMatchObject({
      code: VAT,
      examples: manifest().examples,
    });
    for (const version of ['3', '99999999999']) {
      expect((await site.user.get(`${PATH}/versions/${version}`)).body['code']).toBe('TOOL_VERSION_NOT_FOUND');
    }
    expect((await site.user.post(`${PATH}/rollback`, { version: 3 })).body['code']).toBe('TOOL_VERSION_NOT_FOUND');
    expect((await promote(await save(VAT)))['version']).toBe(3);

    const other = await SignedInClient.signUp(site.app.url);
    expect((await other.get(PATH)).body['code']).toBe('TOOL_NOT_FOUND');
    expect((await other.post(`${PATH}/rollback`, { version: 1 })).body['code']).toBe('TOOL_NOT_FOUND');
    expect((await other.delete(PATH)).body['code']).toBe('TOOL_NOT_FOUND');
    expect((await site.user.delete('/tools/calculator')).body['code']).toBe('TOOL_NOT_FOUND');
    expect((await site.user.delete(PATH)).status).toBe(204);
    expect((await site.user.get(PATH)).body['code']).toBe('TOOL_NOT_FOUND');
    expect(await promote(await save(VAT))).toMatchObject({ version: 1 });
  });

  it('tells each example that fails and leaves nothing behind', async () => {
    const id = await save('if (input.net < 0) throw new RangeError("negative"); ({ gross: input.net * 1.2 })');
    const examples = [
      { input: { net: 10 }, expected_output: { gross: 12 } },
      { input: { net: 10 }, expected_output: { gross: 13 } },
      { input: { net: -1 }, expected_output: null },
      { input: { net: 'x' }, expected_output: null },
    ];
    const { status, code, errors } = await promote(id, { name: 'faulty', examples });
    expect([status, code]).toEqual([400, 'EXAMPLES_FAILED']);
    expect(errors).toEqual([
      {
        path: '/examples/1/expected_output',
        code: 'OUTPUT_DIFFERS',
        message: 'answered {"gross":12} in place of {"gross":13}',
      },
      { path: '/examples/2', code: 'CODE_FAILED', message: 'RangeError: negative' },
      { path: '/examples/3/input/net', code: 'ARGUMENT_INVALID', message: 'must be number' },
    ]);
    expect((await site.user.get('/tools/prices%2Ffaulty')).status).toBe(404);
    expect((await promote(id, { name: 'faulty', output_schema: { type: 'string' } }))['errors']).toMatchObject([
      { path: '/examples/0', code: 'OUTPUT_INVALID' },
    ]);
  });

  it('refuses what cannot be a tool', async () => {
    const id = await save(VAT);
    const refused: Array<[more: object, path: string]> = [
      [{ name: 'prïces' }, '/name'],
      [{ domain: 'a/b' }, '/domain'],
      [{ name: 'constructor\u0000' }, '/name'],
      [{ input_schema: { type: 'string' } }, '/input_schema'],
      [{ input_schema: { type: 'object', properties: 3 } }, '/input_schema'],
      [{ permissions: ['net'] }, '/permissions'],
      [{ permissions: ['exec'] }, '/permissions'],
      [{ permissions: ['fs:write'], side_effects: 'none' }, '/side_effects'],
      [{ timeout_sec: 31 }, '/timeout_sec'],
      [{ examples: [] }, '/examples'],
      [{ examples: [{ input: {} }] }, '/examples/0/expected_output'],
    ];
    for (const [more, path] of refused) {
      const { status, errors } = await promote(id, more);
      expect([more, status, (errors as Body[])[0]?.['path']]).toEqual([more, 400, expect.stringContaining(path)]);
    }
    expect((await promote(id, { artifact: 'notes.md' }))['code']).toBe('SOLUTION_NOT_PROMOTABLE');
    const { body: plain } = await site.user.post('/memory/save', { content: 'No solution.' });
    expect(await promote(String(plain['id']))).toMatchObject({ status: 409, code: 'SOLUTION_NOT_PROMOTABLE' });
  });
});

describe('the code of a promoted tool', () => {
  const { api, own } = {
    api: 'return (await callTool("http_request", { url: input.url })).status',
    own: 'net:127.0.0.1',
  };

  async function refusals(): Promise<Body[]> {
    // Refusals are recorded in the background.
    await new Promise((resolve) => setTimeout(resolve, 100));
    const sql = `SELECT details FROM audit_entries WHERE action = 'tool.permission' AND outcome = 'refused' ORDER BY id`;
    return (await executeSql<{ details: Body }>(site.app.config.database.url, sql)).map(({ details }) => details);
  }

  it('reaches what its manifest declares', async () => {
    const input_schema = { type: 'object' };
    const url = `${site.models.url}/nothing`;
    const examples = [{ input: { url }, expected_output: 404 }];
    const made = await promote(await save(api), { name: 'get', input_schema, permissions: [own], examples });
    expect(made).toMatchObject({ status: 201, permissions: [own] });
    expect(await invoke('prices/get', { url })).toEqual({ ok: true, output: 404 });
    expect(await invoke('prices/get', { url: url.replace('127.0.0.1', 'localhost') })).toMatchObject({
      ok: false,
      error: { code: 'PERMISSION_DENIED' },
    });
    const remembered = await tool(
      `await callTool("memory_save", { content: "Kuopio is a town." });
       return (await callTool("memory_search", { query: "Kuopio" })).items[0].content`,
      'Kuopio is a town.',
      { permissions: ['memory:read', 'memory:write'], side_effects: 'other' },
    );
    expect(remembered).toMatchObject({ status: 201, on_interrupted: 'fail', is_parallel: false });
    expect(await tool('return (await callTool("calculator", { expression: "6 * 7" })).number', 42)).toMatchObject({
      status: 201,
    });
  });

  it.each([
    ['a host', 'return await callTool("http_request", { url: "http://127.0.0.1/" })', 'net'],
    [
      'a memory, whatever it makes of it',
      'try { await callTool("memory_search", { query: "x" }) } catch {} return 1',
      'memory:read',
    ],
    ['people', 'return await callTool("ask_human", { question: "?" })', 'people'],
    ['the sandbox again', 'return await callTool("run_code", { code: "1" })', 'exec'],
    ['files', 'return await callTool("write_file", { path: "a", content: "b" })', 'fs:write'],
  ])('is denied %s beyond it, which is recorded', async (_, code, permission) => {
    const { status, errors } = await tool(code, 1, { permissions: ['fs:read'] });
    expect([status, errors]).toMatchObject([400, [{ path: '/examples/0', code: 'PERMISSION_DENIED' }]]);
    expect((await refusals()).at(-1)).toMatchObject({ name: `prices/t${count}`, version: 1, permission });
  });

  it.each([
    ['a loop', 'while (true) {}', 'TOOL_TIMED_OUT'],
    ['a call in a loop', 'while (true) await callTool("uuid")', 'CODE_FAILED'],
    ['a memory bomb', 'let s = "x"; while (true) s += s', 'CODE_FAILED'],
    ['a huge output', '"x".repeat(200_000)', 'OUTPUT_TOO_LARGE'],
    ['a tool that is none', 'return await callTool("prices/with-vat", { net: 1 })', 'CODE_FAILED'],
    ['arguments that are wrong', 'return await callTool("calculator", { expression: 1 })', 'CODE_FAILED'],
    ['the server', 'return process.env', 'CODE_FAILED'],
    ['its constructor', 'callTool.constructor.constructor("return typeof process")()', 'OUTPUT_DIFFERS'],
  ])('does no harm by %s', async (_, code, failure) => {
    const { errors } = await tool(code, 'x', failure === 'TOOL_TIMED_OUT' ? { timeout_sec: 1 } : {});
    expect(errors).toMatchObject([{ code: failure }]);
  });

  it('leaves nothing for the next call', async () => {
    const made = await tool('Object.prototype.left = (({}).left ?? 0) + 1; ({}).left', 1, { name: 'leaves' });
    expect(made['status']).toBe(201);
    expect([await invoke('prices/leaves'), await invoke('prices/leaves')]).toMatchObject([
      { output: 1 },
      { output: 1 },
    ]);
  });
});

describe('a promoted tool of a project', () => {
  it('is for its members, made and rolled back by its editors', async () => {
    const [editor, viewer] = [await SignedInClient.signUp(site.app.url), await SignedInClient.signUp(site.app.url)];
    const project = String((await site.user.post('/projects', { name: 'Prices' })).body['id']);
    await site.user.put(`/projects/${project}/members/${editor.userId}`, { role: 'editor' });
    await site.user.put(`/projects/${project}/members/${viewer.userId}`, { role: 'viewer' });
    const [scope, shared] = [{ project_id: project }, { namespace: { scope: 'project', id: project } }];
    const id = await save(VAT, shared, editor);
    const name = { name: 'shared' };
    expect(await promote(id, name, viewer)).toMatchObject({ status: 403, code: 'ROLE_NOT_ALLOWED' });
    expect(await promote(id, name, await SignedInClient.signUp(site.app.url))).toMatchObject({ status: 404 });
    expect([await promote(id, name, editor), await promote(id, name)]).toMatchObject([{ version: 1 }, { version: 2 }]);
    expect(await invoke('prices/shared', { net: 5 }, scope, viewer)).toMatchObject({ output: { gross: 6 } });
    expect((await editor.get('/tools/prices%2Fshared')).status).toBe(404);
    const path = '/tools/prices%2Fshared';
    const rollback = [`${path}/rollback?project_id=${project}`, { version: 1 }] as const;
    expect((await viewer.post(...rollback)).body['code']).toBe('ROLE_NOT_ALLOWED');
    expect((await viewer.delete(`${path}?project_id=${project}`)).body['code']).toBe('ROLE_NOT_ALLOWED');
    expect((await editor.post(...rollback)).body).toMatchObject({ version: 1, in_force: true });
    await site.user.delete(`/projects/${project}/members/${viewer.userId}`);
    expect((await invoke('prices/shared', { net: 5 }, scope, viewer))['code']).toBe('PROJECT_NOT_FOUND');
  });
});

describe('a promoted tool in runs', () => {
  it('is called in the version that is in force, which the run records', async () => {
    const id = await save('"one"');
    const example = (output: string) => ({ name: 'which', examples: [{ input: {}, expected_output: output }] });
    await promote(id, example('one'));
    await site.user.patch(`/memory/items/${id}`, { solution: solutionOf('"two"') });
    await promote(id, example('two'));
    const { body: agent } = await site.user.post('/agents', { name: 'Ada', tools: ['prices/which'] });
    const run = async () => {
      site.models.setScript(
        { times: 1, answer: { toolCalls: [{ name: 'prices_which', arguments: '{}' }] } },
        { answer: { text: 'So.' } },
      );
      const { body } = await site.execute({ instruction: 'Which?', agent_id: agent['id'] });
      return (await site.eventsOf(body['run_id'], 'agent.tool.completed'))[0]?.['result'];
    };
    expect(await run()).toEqual({ ok: true, output: 'two', tool_version: 2 });
    await site.user.post('/tools/prices%2Fwhich/rollback', { version: 1 });
    expect(await run()).toEqual({ ok: true, output: 'one', tool_version: 1 });
    const graph = graphOf('prompt>work work>out', {
      prompt: ['initialPrompt', { text: 'fog' }],
      work: ['tool', { tool: 'prices/which', arguments: '{}' }],
      out: ['textOutput'],
    });
    const { body: flow } = await site.runs.run(graph);
    expect(flow).toMatchObject({ status: 'completed', outputs: { out: { text: 'one' } } });
    await site.user.post('/tools/prices%2Fwhich/rollback', { version: 2 });
    const again = await site.runs.run(graph, { from_run_id: flow['run_id'] });
    expect(again.body).toMatchObject({ status: 'completed', outputs: { out: { text: 'two' } } });
  });
});
