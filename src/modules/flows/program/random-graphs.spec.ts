import { afterEach, describe, expect, it } from 'vitest';
import { type EndedRun, MemoryEngine } from '../../../../test/support/memory-engine.js';
import { type ProgramDefinition, StepFailure } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import { flowProgram } from './flow-program.definition.js';
import type { FlowEdge } from '../graph/flow-graph.js';
import type { FlowRunInput } from './flow-run.js';

/** What happened in one run, in order: `+id` for a start, `-id` for an end. */
const log: string[] = [];

const program = flowProgram(() => ({
  component: { category: 'processing', usesLlm: false, providerType: 'none' } as ComponentDefinition,
  async execute({ nodeId, data, inputs }) {
    log.push(`+${nodeId}`);
    await new Promise((resolve) => setTimeout(resolve, Number(data['ms'])));
    log.push(`-${nodeId}`);
    if (data['fails']) throw new StepFailure({ code: 'BROKEN', message: 'broke' });
    return { text: `(${inputs.text.replaceAll('\n\n', ',')})${nodeId}` };
  },
}));

let engine: MemoryEngine;
afterEach(() => engine.stop());

/** mulberry32: the same numbers for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function randomFlow(seed: number): FlowRunInput {
  const random = randomOf(seed);
  const count = 1 + Math.floor(random() * 60);
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: `n${index}`,
    type: 'work',
    data: { ms: Math.floor(random() * 8), fails: random() < 0.05 },
  }));
  const edges = Array.from({ length: Math.floor(random() * count * 2.5) }, () => {
    const [one, two] = [Math.floor(random() * count), Math.floor(random() * count)].toSorted((a, b) => a - b);
    return { source: `n${one}`, target: `n${two}` };
  }).filter(({ source, target }) => source !== target);
  return {
    nodes: shuffled(nodes, random),
    edges,
    ...(random() < 0.3 && { max_parallel_nodes: 1 + Math.floor(random() * 4) }),
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => [random(), item] as const)
    .toSorted(([a], [b]) => a - b)
    .map(([, item]) => item);
}

interface Expected {
  readonly texts: ReadonlyMap<string, string>;
  readonly failed: ReadonlySet<string>;
}

/** The simple model: node by node in the order of their numbers, since edges only go upwards. */
function expectedOf({ nodes, edges }: FlowRunInput): Expected {
  const texts = new Map<string, string>();
  const failed = new Set<string>();
  const skipped = new Set<string>();
  for (const { id, data } of nodes.toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))) {
    const sources = [...new Set(edges.filter(({ target }) => target === id).map(({ source }) => source))];
    if (sources.some((source) => failed.has(source) || skipped.has(source))) skipped.add(id);
    else if (data['fails']) failed.add(id);
    else texts.set(id, `(${sources.map((source) => texts.get(source)).join(',')})${id}`);
  }
  return { texts, failed };
}

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);

describe('random graphs', () => {
  it.each(SEEDS)('run as the simple model says, seed %i', async (seed) => {
    log.length = 0;
    const input = randomFlow(seed);
    const { texts, failed } = expectedOf(input);
    engine = await MemoryEngine.start(program as ProgramDefinition);
    const ended = await engine.run(input);
    expect(textsTold(ended)).toEqual(texts);
    expect(startedNodes().toSorted()).toEqual([...texts.keys(), ...failed].toSorted());
    expect(startsBeforeUpstream(input)).toEqual([]);
    expect(ended.status).toBe(isReached(input, texts) || failed.size === 0 ? 'completed' : 'failed');
  });
});

function textsTold({ events }: EndedRun): Map<string, string> {
  const completed = events.filter(({ type }) => type === 'execution.node.completed');
  return new Map(completed.map(({ data }) => [String(data['node_id']), (data['output'] as { text: string }).text]));
}

function startedNodes(): string[] {
  return log.filter((entry) => entry.startsWith('+')).map((entry) => entry.slice(1));
}

function startsBeforeUpstream({ edges }: FlowRunInput): FlowEdge[] {
  return edges.filter(
    ({ source, target }) => log.includes(`+${target}`) && log.indexOf(`+${target}`) < log.indexOf(`-${source}`),
  );
}

function isReached({ nodes, edges }: FlowRunInput, texts: ReadonlyMap<string, string>): boolean {
  const sources = new Set(edges.map(({ source }) => source));
  return nodes.some(({ id }) => !sources.has(id) && texts.has(id));
}
