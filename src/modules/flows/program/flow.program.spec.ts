import { afterEach, describe, expect, it } from 'vitest';
import { type EndedRun, MemoryEngine } from '../../../../test/support/memory-engine.js';
import { type ProgramDefinition, RunFailure, StepFailure } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import { textField } from '../components/text-field.js';
import { flowProgram } from './flow-program.definition.js';
import type { FlowRunInput } from './flow-run.js';
import type { NodeExecutor, NodeWork } from './node-executor.js';

const log: string[] = [];
const failuresLeft = new Map<string, number>();

/** A type of node whose data says what it does: wait, stream, fail so many times, fail for good. */
function executorOf(category: 'processing' | 'output'): NodeExecutor {
  return {
    component: { category, usesLlm: false, providerType: 'none' } as ComponentDefinition,
    async execute({ nodeId, data, inputs }: NodeWork, step) {
      log.push(`start ${nodeId}`);
      if (typeof data['chunk'] === 'string') step.chunk(data['chunk']);
      await new Promise((resolve) => setTimeout(resolve, Number(data['ms'] ?? 0)));
      if (data['fails'] === 'always') throw new StepFailure({ code: 'BROKEN', message: `${nodeId} broke` });
      const left = failuresLeft.get(nodeId) ?? Number(data['fails'] ?? 0);
      failuresLeft.set(nodeId, left - 1);
      if (left > 0) throw new StepFailure({ code: 'SHAKY', message: 'not yet' }, { retryable: true });
      log.push(`end ${nodeId}`);
      const branch = textField(data, 'branch');
      const text = [inputs.text, textField(data, 'text') || nodeId].filter(Boolean).join('+');
      return { text, ...(branch && { branch }) };
    },
  };
}

const executors = new Map([
  ['work', executorOf('processing')],
  ['out', executorOf('output')],
]);
const program = flowProgram((type) => {
  const executor = executors.get(type);
  if (!executor) throw new RunFailure({ code: 'NODE_TYPE_UNKNOWN', message: type });
  return executor;
});

let engine: MemoryEngine;

afterEach(async () => {
  log.length = 0;
  failuresLeft.clear();
  await engine.stop();
});

/** `a>b` is an edge; a node whose id starts with `out` is an output; `data` by node id. */
function flow(edges: string, data: Record<string, object> = {}, more: Partial<FlowRunInput> = {}): FlowRunInput {
  const pairs = edges.split(' ').map((edge) => edge.split('>'));
  const ids = [...new Set(pairs.flat())];
  return {
    nodes: ids.map((id) => ({ id, type: id.startsWith('out') ? 'out' : 'work', data: { ...data[id] } })),
    edges: pairs.flatMap(([source = '', target]) => (target ? [{ source, target }] : [])),
    ...more,
  };
}

async function run(input: FlowRunInput, more = {}): Promise<EndedRun> {
  engine = await MemoryEngine.start(program as ProgramDefinition);
  return engine.run(input, more);
}

function statuses(ended: EndedRun, status: string): string[] {
  return ended.events.flatMap(({ type, data }) =>
    type === 'execution.node.status' && data['status'] === status
      ? [`${String(data['node_id'])}@${String(data['level'])}`]
      : [],
  );
}

describe('flow program', () => {
  //  a -> b -> out
  //  a -> c -> out
  it('runs a diamond, hands texts on in edge order and completes with the outputs', async () => {
    const ended = await run(flow('a>b a>c c>out b>out', { b: { ms: 0 }, c: { ms: 15 } }));
    expect(ended).toMatchObject({ status: 'completed', output: { failed_nodes: [] } });
    expect(ended.output).toMatchObject({ outputs: { out: { text: 'a+c\n\na+b+out' } } });
    expect(ended.events.at(-1)).toMatchObject({ type: 'execution.completed', data: { failed_nodes: [] } });
    expect(statuses(ended, 'running')).toEqual(['a@0', 'b@1', 'c@1', 'out@2']);
  });

  it('tells the output of each node once, with how long it took, and streams its text', async () => {
    const ended = await run(flow('a>out', { a: { chunk: 'pie' } }));
    const completed = ended.events.filter(({ type }) => type === 'execution.node.completed');
    expect(completed.map(({ data }) => data['node_id'])).toEqual(['a', 'out']);
    expect(completed[0]?.data).toMatchObject({ output: { text: 'a', duration_ms: expect.any(Number) as number } });
    expect(engine.chunks).toEqual([{ step: 'node:a', offset: 0, text: 'pie' }]);
    expect(ended.events.filter(({ type }) => type === 'execution.step.completed')).toEqual([]);
  });

  //  slow --------> out2
  //  fast -> next -> out1
  it('does not let a fast branch wait for a slow sibling', async () => {
    await run(flow('slow>out2 fast>next next>out1', { slow: { ms: 80 } }));
    expect(log.indexOf('end out1')).toBeLessThan(log.indexOf('end slow'));
  });

  //  bad -> mid -> low -> out1     good -> out2
  it('skips all below a failed node, naming it, and completes with what other branches produced', async () => {
    const ended = await run(flow('bad>mid mid>low low>out1 good>out2', { bad: { fails: 'always' } }));
    const error = { code: 'BROKEN', message: 'bad broke' };
    expect(ended.status).toBe('completed');
    expect(ended.output).toMatchObject({
      outputs: { out2: { text: 'good+out2' } },
      failed_nodes: [{ node_id: 'bad', error }],
    });
    expect(Object.keys((ended.output as { outputs: object }).outputs)).toEqual(['out2']);
    expect(statuses(ended, 'skipped')).toEqual(['mid@1', 'low@2', 'out1@3']);
    const skipped = ended.events.filter(({ data }) => data['status'] === 'skipped');
    expect(new Set(skipped.map(({ data }) => data['reason']))).toEqual(new Set(['upstream bad failed']));
    expect(ended.events).toContainEqual({
      type: 'execution.node.failed',
      data: expect.objectContaining({ node_id: 'bad', error }) as object,
    });
  });

  it('fails when no output was reached', async () => {
    const ended = await run(flow('bad>out side>end', { bad: { fails: 'always' } }));
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'FLOW_FAILED', details: { failed_nodes: [{ node_id: 'bad' }] } },
      output: { outputs: {}, failed_nodes: [{ node_id: 'bad' }] },
    });
    expect(ended.events.at(-1)?.type).toBe('execution.failed');
  });

  it('takes the last nodes for outputs where none is declared', async () => {
    const ended = await run(flow('a>b a>c'));
    expect(Object.keys((ended.output as { outputs: object }).outputs)).toEqual(['b', 'c']);
  });

  it('tries a node again as it asks for, and tells so', async () => {
    const ended = await run(flow('a>out', { a: { fails: 2, retry: { attempts: 3, backoff_ms: 5 } } }));
    expect(ended.status).toBe('completed');
    expect(statuses(ended, 'retrying')).toEqual(['a@0', 'a@0']);
    expect(log.filter((line) => line === 'start a')).toHaveLength(3);
  });

  it('gives a node up after its time limit', async () => {
    const ended = await run(flow('a>out', { a: { ms: 2000, timeout_ms: 30 } }));
    expect(ended).toMatchObject({ status: 'failed', error: { details: { failed_nodes: [{ node_id: 'a' }] } } });
    expect(ended.events).toContainEqual(
      expect.objectContaining({
        type: 'execution.node.failed',
        data: expect.objectContaining({
          error: expect.objectContaining({ code: 'STEP_TIMED_OUT' }) as object,
        }) as object,
      }),
    );
  });

  it('keeps to the limit of parallel nodes and tells who waits for a place', async () => {
    const ended = await run(flow('a b c', { a: { ms: 20 }, b: { ms: 5 }, c: {} }, { max_parallel_nodes: 2 }));
    expect(log.indexOf('start c')).toBeGreaterThan(log.indexOf('end b'));
    expect(statuses(ended, 'pending')).toEqual(['c@0']);
  });

  //  a (given) -> b -> out      side -> out
  it('takes over what is there already, tells so, and runs only the rest', async () => {
    const cached = { a: { output: { text: 'before' }, from_run_id: 'r1' } };
    const ended = await run(flow('up>a a>b b>out side>out', {}, { cached }));
    expect(ended.output).toMatchObject({ outputs: { out: { text: 'before+b\n\nside+out' } } });
    expect(log.filter((line) => line.startsWith('start')).toSorted()).toEqual(
      ['b', 'out', 'side', 'up'].map((id) => `start ${id}`),
    );
    const told = ended.events.find(({ data }) => data['node_id'] === 'a');
    expect(told).toMatchObject({
      type: 'execution.node.completed',
      data: { cached: true, from_run_id: 'r1', output: { text: 'before' } },
    });
    expect(statuses(ended, 'running')).toContain('b@2');
  });

  it('does not let what is there already depend on what fails above it', async () => {
    const cached = { a: { output: { text: 'before' } } };
    const ended = await run(flow('bad>a a>out', { bad: { fails: 'always' } }, { cached }));
    expect(ended).toMatchObject({ status: 'completed', output: { outputs: { out: { text: 'before+out' } } } });
    expect(ended.output).toMatchObject({ failed_nodes: [{ node_id: 'bad' }] });
  });

  //  if -(yes)-> yes -> out1 ;  if -(no)-> no -> out2 ;  yes, no -> join -> out3
  it('follows the way that a node takes, and joins behind it', async () => {
    const input = flow('if>yes if>no yes>out1 no>out2 yes>join no>join join>out3', { if: { branch: 'yes' } });
    const edges = input.edges.map((edge) => (edge.source === 'if' ? { ...edge, source_handle: edge.target } : edge));
    const ended = await run({ ...input, edges });
    expect(ended).toMatchObject({ status: 'completed', output: { failed_nodes: [] } });
    expect(ended.output).toMatchObject({ outputs: { out1: {}, out3: { text: 'if+yes+join+out3' } } });
    expect(statuses(ended, 'skipped')).toEqual(['no@1', 'out2@2']);
    const [skip] = ended.events.filter(({ data }) => data['status'] === 'skipped');
    expect(skip?.data['reason']).toContain('if');
  });

  it('hands nothing on by a way that is closed, where an open one leads as well', async () => {
    const input = flow('if>out other>out', { if: { branch: 'yes' } });
    const edges = input.edges.map((edge) => (edge.source === 'if' ? { ...edge, source_handle: 'no' } : edge));
    const ended = await run({ ...input, edges });
    expect(ended.output).toMatchObject({ outputs: { out: { text: 'other+out' } } });
  });

  it('goes on after a crash without running a committed node again', async () => {
    engine = await MemoryEngine.start(program as ProgramDefinition);
    const runId = await engine.create(flow('a>b a>c b>out c>out', { b: { ms: 60 }, c: { ms: 5 } }));
    await expect
      .poll(() => engine.events(runId).filter(({ type }) => type === 'execution.node.completed').length)
      .toBe(2);
    await engine.crash();
    const ended = await engine.ended(runId);
    expect(ended).toMatchObject({ status: 'completed', output: { outputs: { out: { text: 'a+b\n\na+c+out' } } } });
    expect(log.filter((line) => line === 'start a' || line === 'start c')).toHaveLength(2);
    const nodeEvents = ended.events.filter(({ type }) => type.startsWith('execution.node.'));
    const told = nodeEvents.map(({ type, data }) => `${type} ${String(data['node_id'])} ${String(data['status'])}`);
    expect(new Set(told).size).toBe(told.length);
  });
});
