import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { type EndedRun, MemoryEngine } from '../../../../test/support/memory-engine.js';
import { type ProgramDefinition, StepFailure } from '../../../engine/index.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import { textField } from '../components/text-field.js';
import { flowProgram } from './flow-program.definition.js';
import type { FlowEdge } from '../graph/flow-graph.js';
import type { FlowRunInput } from './flow-run.js';

/** In a graph with many ways, texts that hold all above them grow without end. */
function digest(text: string): string {
  return text.length < 200 ? text : createHash('sha256').update(text).digest('hex');
}

/** What happened in one run, in order: `+id` for a start, `-id` for an end. */
const log: string[] = [];

const program = flowProgram(() => ({
  component: { category: 'processing', usesLlm: false, providerType: 'none' } as ComponentDefinition,
  async execute({ nodeId, data, inputs }) {
    log.push(`+${nodeId}`);
    await new Promise((resolve) => setTimeout(resolve, Number(data['ms'])));
    log.push(`-${nodeId}`);
    if (data['fails'] === true) throw new StepFailure({ code: 'BROKEN', message: 'broke' });
    const branch = textField(data, 'branch');
    return { text: digest(`(${inputs.text.replaceAll('\n\n', ',')})${nodeId}`), ...(branch && { branch }) };
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

const MAX_NODES = 300;

function randomFlow(seed: number): FlowRunInput {
  const random = randomOf(seed);
  const count = 1 + Math.floor(random() * (seed % 5 === 0 ? MAX_NODES : 60));
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: `n${index}`,
    type: 'work',
    data: { ms: Math.floor(random() * 8), fails: random() < 0.03, ...(random() < 0.1 && { branch: 'left' }) },
  }));
  const edges = Array.from({ length: Math.floor(random() * count * 2.5) }, () => {
    const [one, two] = [Math.floor(random() * count), Math.floor(random() * count)].toSorted((a, b) => a - b);
    const handle = ['left', 'right', undefined][Math.floor(random() * 3)];
    return { source: `n${one}`, target: `n${two}`, ...(handle && { source_handle: handle }) };
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
  const lost = new Set<string>();
  const dataOf = new Map(nodes.map(({ id, data }) => [id, data]));
  const isOpen = ({ source, source_handle: handle }: FlowEdge) => {
    const branch = dataOf.get(source)?.['branch'];
    return texts.has(source) && (branch === undefined || handle === undefined || handle === branch);
  };
  for (const { id, data } of nodes.toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))) {
    const incoming = edges.filter(({ target }) => target === id);
    const open = new Set(incoming.filter(isOpen).map(({ source }) => source));
    const sources = [...new Set(incoming.map(({ source }) => source))].filter((source) => open.has(source));
    if (incoming.some(({ source }) => failed.has(source) || lost.has(source))) lost.add(id);
    else if (incoming.length > 0 && sources.length === 0) continue;
    else if (data['fails'] === true) failed.add(id);
    else texts.set(id, digest(`(${sources.map((source) => texts.get(source)).join(',')})${id}`));
  }
  return { texts, failed };
}

// Level by level, it would take the sum of the slowest of each level: a second.
describe('a flow of 300 nodes', () => {
  it('takes little more than its longest way', async () => {
    const input = layeredFlow(10, 30);
    const critical = criticalPathOf(input);
    expect(critical).toBeLessThan(500);
    engine = await MemoryEngine.start(program as ProgramDefinition, { stepSlots: 300 });
    const startedAt = performance.now();
    const { status } = await engine.run(input);
    const tookMs = performance.now() - startedAt;
    expect(status).toBe('completed');
    expect(tookMs).toBeGreaterThanOrEqual(critical - 1);
    expect(tookMs).toBeLessThan(900);
  });
});

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
    expect(new Set(startedNodes()).size).toBe(startedNodes().length);
    expect(ended.status).toBe(isReached(input, texts) || failed.size === 0 ? 'completed' : 'failed');
  });
});

/** Milliseconds along the longest way, each node taking what its data say. */
function criticalPathOf({ nodes, edges }: FlowRunInput): number {
  const endsAt = new Map<string, number>();
  for (const { id, data } of nodes.toSorted((a, b) => Number(a.id.slice(1)) - Number(b.id.slice(1)))) {
    const sources = edges.filter(({ target }) => target === id).map(({ source }) => endsAt.get(source) ?? 0);
    endsAt.set(id, Math.max(0, ...sources) + Number(data['ms']));
  }
  return Math.max(...endsAt.values());
}

/** Layers of nodes, each of them below two of the layer above; in each layer one is slow, and never below another slow one. */
function layeredFlow(layers: number, width: number): FlowRunInput {
  const id = (layer: number, place: number) => `n${layer * width + (((place % width) + width) % width)}`;
  const places = Array.from(
    { length: layers * width },
    (_, index) => [Math.floor(index / width), index % width] as const,
  );
  return {
    nodes: places.map(([layer, place]) => ({
      id: id(layer, place),
      type: 'work',
      data: { ms: place === (layer * 5) % width ? 100 : 10 },
    })),
    edges: places.flatMap(([layer, place]) =>
      layer === 0 ? [] : [0, 1].map((by) => ({ source: id(layer - 1, place - by), target: id(layer, place) })),
    ),
  };
}

function textsTold({ events }: EndedRun): Map<string, string> {
  const completed = events.filter(({ type }) => type === 'execution.node.completed');
  return new Map(completed.map(({ data }) => [String(data['node_id']), (data['output'] as { text: string }).text]));
}

function startedNodes(): string[] {
  return log.filter((entry) => entry.startsWith('+')).map((entry) => entry.slice(1));
}

function startsBeforeUpstream({ edges }: FlowRunInput): FlowEdge[] {
  const at = new Map(log.map((entry, index) => [entry, index]));
  return edges.filter(({ source, target }) => (at.get(`+${target}`) ?? Infinity) < (at.get(`-${source}`) ?? -1));
}

function isReached({ nodes, edges }: FlowRunInput, texts: ReadonlyMap<string, string>): boolean {
  const sources = new Set(edges.map(({ source }) => source));
  return nodes.some(({ id }) => !sources.has(id) && texts.has(id));
}
