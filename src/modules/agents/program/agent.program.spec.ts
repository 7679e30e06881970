import { afterEach, describe, expect, it } from 'vitest';
import { type EndedRun, MemoryEngine } from '../../../../test/support/memory-engine.js';
import { type ProgramDefinition, StepFailure } from '../../../engine/index.js';
import { DEFAULT_DEFINITION } from '../definitions/agent-definition.js';
import { agentProgram } from './agent-program.definition.js';
import type { AgentPorts, FinishedTurn, OfferedTool, Preparation, Question } from './agent-ports.js';
import type { AgentMessage, AgentRunInput, ToolResult } from './agent-run.js';

type Said = Partial<AgentMessage> | StepFailure;

function call(id: string, name: string, args: unknown = {}) {
  return { id, name, arguments: typeof args === 'string' ? args : JSON.stringify(args) };
}

function tool(name: string, more: Partial<OfferedTool> = {}): OfferedTool {
  const input_schema = { type: 'object', required: name === 'strict' ? ['value'] : [] };
  const manner = { approval: 'never', on_interrupted: 'retry', is_parallel: true } as const;
  return { name, version: 1, description: name, input_schema, ...manner, ...more };
}

/** A model that says what it is told to, and tools that log what they do. */
class Stage {
  readonly log: string[] = [];
  readonly questions: Question[] = [];
  readonly turns: FinishedTurn[] = [];
  preparation: Preparation = { tools: [], missing: [], delegates: [], history: null };
  results: Record<string, () => Promise<ToolResult>> = {};
  summary: () => Promise<string> = () => Promise.reject(new StepFailure({ code: 'MODEL_REFUSED', message: 'no' }));
  engine: MemoryEngine | undefined;

  constructor(private readonly said: Said[]) {}

  readonly ports: AgentPorts = {
    prepare: async () => this.preparation,
    ask: async (question, _, step) => {
      this.questions.push(question);
      const said = this.said[Number(step.key.slice('llm:'.length)) - 1] ?? { text: 'nothing more' };
      if (said instanceof StepFailure) throw said;
      if (said.text) step.chunk(said.text);
      const usage = { input_tokens: 10, output_tokens: 2 };
      const plain = { text: '', tool_calls: [], finish_reason: 'stop', provider_id: 'p', model: 'm', usage } as const;
      return { ...plain, ...said };
    },
    callTool: async (name, args, _, step) => {
      this.log.push(`start ${name} ${JSON.stringify(args)} ${step.key}`);
      const result = await (this.results[name] ?? (async () => ({ ok: true as const, output: `${name} done` })))();
      this.log.push(`end ${name}`);
      return result;
    },
    summarize: () => this.summary(),
    planDelegation: async () => ({ agent: { ...DEFAULT_DEFINITION, name: 'Other' }, agent_version: 3 }),
    saveTurn: async (_, turn) => void this.turns.push(turn),
    saveRoomSummary: async () => undefined,
    faultsIn: ({ required = [] }, value) =>
      (required as string[])
        .filter((name) => !Object.hasOwn(value as object, name))
        .map((name) => ({ path: `/${name}`, message: 'is required' })),
    findRunTool: () => undefined,
  };

  async start(): Promise<MemoryEngine> {
    this.engine = await MemoryEngine.start(agentProgram(this.ports) as ProgramDefinition);
    return this.engine;
  }

  async run(more: Partial<AgentRunInput['agent']> = {}, input: Partial<AgentRunInput> = {}): Promise<EndedRun> {
    return (await this.start()).run(inputWith(more, input));
  }

  /** What the model was told of its calls before it spoke for the nth time. */
  toldBefore(nth: number): unknown[] {
    return (this.questions[nth - 1]?.exchanges ?? []).flatMap((exchange): unknown[] =>
      'added' in exchange ? [exchange.added] : exchange.results.map(({ result }) => result),
    );
  }
}

function inputWith(more: Partial<AgentRunInput['agent']> = {}, input: Partial<AgentRunInput> = {}): AgentRunInput {
  return { instruction: 'Do it', agent: { ...DEFAULT_DEFINITION, name: 'Ada', ...more }, ...input };
}

let stage: Stage;

function staged(said: Said[], tools: readonly OfferedTool[] = []): Stage {
  stage = new Stage(said);
  stage.preparation = { ...stage.preparation, tools };
  return stage;
}

afterEach(() => stage.engine?.stop());

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('agent program', () => {
  it('answers what the model says, streams it, and tells of it once', async () => {
    const ended = await staged([{ text: 'Four.' }]).run();
    expect(ended).toMatchObject({ status: 'completed', output: { output: 'Four.', session_id: null } });
    expect(stage.engine?.chunks).toEqual([{ step: 'llm:1', offset: 0, text: 'Four.' }]);
    expect(ended.events.map(({ type }) => type)).toEqual([
      'execution.started',
      'agent.started',
      'agent.message',
      'execution.completed',
    ]);
    expect(ended.events.at(-1)?.data).toMatchObject({ output: 'Four.' });
  });

  it('runs calls side by side where all tools allow it, and answers them in their order', async () => {
    const calls = [call('a', 'slow', { n: 1 }), call('b', 'quick')];
    staged([{ tool_calls: calls }, { text: 'Done' }], [tool('slow'), tool('quick')]);
    stage.results['slow'] = () => later(40).then(() => ({ ok: true, output: 'late' }));
    const ended = await stage.run();
    expect(stage.log).toEqual(['start slow {"n":1} tool:a', 'start quick {} tool:b', 'end quick', 'end slow']);
    expect(stage.toldBefore(2)).toEqual([
      { ok: true, output: 'late' },
      { ok: true, output: 'quick done' },
    ]);
    expect(ended.events.filter(({ type }) => type === 'agent.tool.completed')).toHaveLength(2);
  });

  it('runs calls in order where one of their tools wants to be alone', async () => {
    const calls = [call('a', 'slow'), call('b', 'alone')];
    staged([{ tool_calls: calls }, { text: 'Done' }], [tool('slow'), tool('alone', { is_parallel: false })]);
    stage.results['slow'] = () => later(20).then(() => ({ ok: true, output: 1 }));
    await stage.run();
    expect(stage.log.map((line) => line.split(' ', 2).join(' '))).toEqual([
      'start slow',
      'end slow',
      'start alone',
      'end alone',
    ]);
  });

  it('makes a hundred calls of one answer, and hands back the others', async () => {
    const calls = Array.from({ length: 102 }, (_, n) => call(`c${n}`, 'look'));
    staged([{ tool_calls: calls }, { text: 'Done' }], [tool('look')]);
    await stage.run();
    expect(stage.log.filter((line) => line.startsWith('start'))).toHaveLength(100);
    const refused = { ok: false, error: expect.objectContaining({ code: 'TOO_MANY_CALLS' }) as unknown };
    expect(stage.toldBefore(2).slice(99)).toEqual([{ ok: true, output: 'look done' }, refused, refused]);
  });

  it('gives calls of the same id keys of their own', async () => {
    const calls = [call('c', 'slow'), call('c', 'slow')];
    staged([{ tool_calls: calls }, { tool_calls: [call('c', 'slow')] }, { text: 'Done' }], [tool('slow')]);
    await stage.run();
    expect(stage.log.filter((line) => line.startsWith('start')).map((line) => line.split(' ').at(-1))).toEqual([
      'tool:c',
      'tool:c.2',
      'tool:c.3',
    ]);
  });

  it.each([
    ['an unknown tool', call('a', 'nowhere'), 'TOOL_UNKNOWN', 'There is no tool nowhere. There are: strict.'],
    ['arguments that are no JSON', call('a', 'strict', '{"value": 1'), 'ARGUMENTS_INVALID', 'not JSON'],
    ['arguments that are no object', call('a', 'strict', '[1]'), 'ARGUMENTS_INVALID', 'no object'],
    ['arguments that the schema does not allow', call('a', 'strict', {}), 'ARGUMENTS_INVALID', '/value is required'],
  ])('tells the model of %s, and calls nothing', async (_, wrong, code, words) => {
    const ended = await staged([{ tool_calls: [wrong] }, { text: 'I see' }], [tool('strict')]).run();
    expect(ended).toMatchObject({ status: 'completed', output: { output: 'I see' } });
    const message = expect.stringContaining(words) as string;
    expect(stage.toldBefore(2)).toEqual([{ ok: false, error: expect.objectContaining({ code, message }) as object }]);
    expect(stage.log).toEqual([]);
    expect(ended.events.find(({ type }) => type === 'agent.tool.completed')?.data).toMatchObject({
      result: { ok: false, error: { code } },
    });
  });

  it('tells the model when a tool fails, even by a bug', async () => {
    staged([{ tool_calls: [call('a', 'buggy')] }, { text: 'Never mind' }], [tool('buggy')]);
    stage.results['buggy'] = () => Promise.reject(new TypeError('x is not a function'));
    const ended = await stage.run();
    expect(ended).toMatchObject({ status: 'completed', output: { output: 'Never mind' } });
    expect(stage.toldBefore(2)).toEqual([
      { ok: false, error: expect.objectContaining({ code: 'STEP_ERROR' }) as object },
    ]);
  });

  it('lets the model conclude without tools when the iterations are used up', async () => {
    const again = { tool_calls: [call('a', 'slow')] };
    const ended = await staged([again, again, { text: 'As far as I know' }], [tool('slow')]).run({ max_iterations: 2 });
    expect(ended).toMatchObject({ status: 'completed', output: { output: 'As far as I know' } });
    expect(stage.questions.map(({ mayCallTools }) => mayCallTools)).toEqual([true, true, false]);
    expect(stage.toldBefore(3).at(-1)).toContain('Conclude now');
  });

  it('fails when there is nothing to conclude with', async () => {
    const ended = await staged([{ tool_calls: [call('a', 'slow')] }, { text: ' ' }], [tool('slow')]).run({
      max_iterations: 1,
    });
    expect(ended).toMatchObject({ status: 'failed', error: { code: 'ITERATIONS_EXHAUSTED' } });
  });

  it('fails as the model does, with what was said before', async () => {
    const refusal = new StepFailure({ code: 'MODEL_REFUSED', message: 'I will not' });
    const ended = await staged([{ text: 'Well', tool_calls: [call('a', 'slow')] }, refusal], [tool('slow')]).run();
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'MODEL_REFUSED', message: 'I will not' },
      output: { output: 'Well' },
    });
  });

  it('says when the answer was cut', async () => {
    const ended = await staged([{ text: 'It was a dark and', finish_reason: 'length' }]).run();
    expect(ended).toMatchObject({ status: 'completed', output: { output: 'It was a dark and', truncated: true } });
  });

  it('reads a structured answer, and asks once more for one that has not the form', async () => {
    const schema = { output_schema: { required: ['title'] } };
    const ended = await staged([{ text: '{"name": 1}' }, { text: '```json\n{"title": "A"}\n```' }]).run(schema);
    expect(ended).toMatchObject({ status: 'completed', output: { structured: { title: 'A' } } });
    expect(stage.toldBefore(2)).toEqual([expect.stringContaining('/title is required')]);
    expect(stage.questions[1]?.mayCallTools).toBe(false);
  });

  it('fails when the form is wrong a second time', async () => {
    const ended = await staged([{ text: 'Sure!' }, { text: '{}' }]).run({ output_schema: { required: ['title'] } });
    const errors = [{ path: '/title', message: 'is required' }];
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'OUTPUT_SCHEMA_MISMATCH', details: { errors } },
      output: { output: '{}' },
    });
  });

  it('writes the turn into its conversation, with the summary of what no longer fits', async () => {
    staged([{ text: 'Hello again' }]).preparation = {
      ...stage.preparation,
      history: { summarized_to: 0, fold_to: 4, last: 6 },
    };
    stage.summary = async () => 'They met.';
    await stage.run({}, { session_id: 's' });
    expect(stage.questions[0]?.folded).toEqual({ summary: 'They met.' });
    expect(stage.turns).toMatchObject([
      { sessionId: 's', instruction: 'Do it', output: 'Hello again', summary: { text: 'They met.', to: 4 } },
    ]);
  });

  it('leaves out what no longer fits when nobody can summarise it', async () => {
    staged([{ text: 'Hello' }]).preparation = {
      ...stage.preparation,
      history: { summarized_to: 0, fold_to: 4, last: 6 },
    };
    const ended = await stage.run({}, { session_id: 's' });
    expect(ended.status).toBe('completed');
    expect(stage.questions[0]?.folded).toEqual({ cut: true });
    expect(stage.turns[0]).not.toHaveProperty('summary');
  });
});

describe('delegation', () => {
  const delegates = [{ agent_id: 'id-other', name: 'Other Agent', description: '' }];
  const delegating = (agent: string, more: Partial<AgentRunInput> = {}) => {
    const wish = call('d', 'delegate', { agent, instruction: 'Look it up', context: 'We are in a hurry' });
    // The child is asked under its own llm:1: it hears the same words, and may not delegate on.
    staged([{ tool_calls: [wish] }, { text: 'Thanks' }]).preparation = { ...stage.preparation, delegates };
    stage.ports.prepare = async ({ chain }) => ({
      ...stage.preparation,
      delegates: chain && !more.chain ? [] : delegates,
    });
    return stage.run({}, { agent_id: 'id-ada', ...more });
  };

  it('starts a child by a name that is written carelessly, and tells of it', async () => {
    const ended = await delegating(' other  agent');
    const [delegated] = ended.events.filter(({ type }) => type === 'agent.delegated');
    expect(delegated?.data).toMatchObject({ key: 'tool:d', agent: 'Other Agent' });
    const child = stage.questions.find(({ input }) => input.chain);
    expect(child?.input).toMatchObject({
      instruction: 'Look it up',
      agent_id: 'id-other',
      agent_version: 3,
      attachments: [{ name: 'context', text: 'We are in a hurry' }],
      chain: [{ agent_id: 'id-ada', name: 'Ada' }],
    });
    expect(stage.toldBefore(stage.questions.length)).toEqual([{ ok: true, output: 'Thanks' }]);
    expect(ended).toMatchObject({ status: 'completed', output: { output: 'Thanks' } });
  });

  it.each([
    ['nobody by that name', 'Somebody', {}, 'DELEGATE_UNKNOWN'],
    [
      'one that waits for it',
      'Other Agent',
      { chain: [{ agent_id: 'id-other', name: 'Other Agent' }] },
      'DELEGATION_CYCLE',
    ],
    [
      'one too many',
      'Other Agent',
      { chain: ['1', '2', '3', '4'].map((id) => ({ agent_id: id, name: id })) },
      'DELEGATION_TOO_DEEP',
    ],
  ])('refuses to delegate to %s', async (_, name, more, code) => {
    const ended = await delegating(name, more);
    expect(stage.toldBefore(2)).toEqual([{ ok: false, error: expect.objectContaining({ code }) as object }]);
    expect(ended).toMatchObject({ status: 'completed', output: { output: 'Thanks' } });
  });
});

describe('after a crash', () => {
  it('repeats no committed call, and not silently what must not be repeated', async () => {
    const calls = [call('a', 'harmless'), call('b', 'grave')];
    staged(
      [{ tool_calls: calls }, { text: 'Done' }],
      [tool('harmless', { is_parallel: false }), tool('grave', { on_interrupted: 'fail' })],
    );
    stage.results['grave'] = () => new Promise(() => undefined);
    const engine = await stage.start();
    const runId = await engine.create(inputWith());
    await expect.poll(() => stage.log).toContainEqual(expect.stringContaining('start grave'));
    await engine.crash();
    const ended = await engine.ended(runId);
    expect(ended).toMatchObject({ status: 'completed', output: { output: 'Done' } });
    expect(stage.log.filter((line) => line.startsWith('start'))).toHaveLength(2);
    expect(stage.toldBefore(2).at(1)).toMatchObject({ ok: false, error: { code: 'STEP_INTERRUPTED' } });
    expect(stage.questions).toHaveLength(2);
  });
});
