import { describe, expect, it } from 'vitest';
import { compileGraph } from './compiled-graph.js';
import { executablePart, withInputs } from './flow-graph.js';
import { collectInputs, type NodeOutput } from './node-inputs.js';

const node = (id: string, type = 'text') => ({ id, type, data: {} });
const edge = (source: string, target: string, target_handle?: string) => ({
  source,
  target,
  ...(target_handle && { target_handle }),
});

describe('compileGraph', () => {
  //  a ------> c -> d
  //  a -> b -> c
  it('gives each node the length of the longest way to it', () => {
    const graph = compileGraph({
      nodes: [node('d'), node('c'), node('b'), node('a')],
      edges: [edge('a', 'c'), edge('a', 'b'), edge('b', 'c'), edge('c', 'd')],
    });
    expect(graph.levels).toEqual([3, 2, 1, 0]);
    expect(graph.waitsFor).toEqual([1, 2, 1, 0]);
  });

  it('keeps edge order, tells texts from personas and counts a source once', () => {
    const graph = compileGraph({
      nodes: [node('a'), node('b'), node('p'), node('z')],
      edges: [edge('b', 'z', 'text-in'), edge('p', 'z', 'adapter-1'), edge('a', 'z'), edge('b', 'z', 'text-in-2')],
    });
    expect(graph.textSources[3]).toEqual([1, 0]);
    expect(graph.adapterSources[3]).toEqual([2]);
    expect(graph.waitsFor[3]).toBe(3);
  });
});

describe('collectInputs', () => {
  const graph = compileGraph({
    nodes: [node('a'), node('b'), node('empty'), node('p'), node('z')],
    edges: [edge('b', 'z'), edge('empty', 'z'), edge('a', 'z'), edge('p', 'z', 'adapter-in')],
  });
  const outputs: NodeOutput[] = [
    { text: 'from a' },
    { text: ' from b\n' },
    { text: '  ' },
    { persona_name: 'Ada', persona_description: 'tall' },
  ];

  it('joins the texts that are not empty by a blank line, in edge order', () => {
    const { text, personas } = collectInputs(graph, 4, (index) => outputs[index]);
    expect(text).toBe('from b\n\nfrom a');
    expect(personas).toEqual([{ name: 'Ada', description: 'tall' }]);
  });
});

describe('executablePart', () => {
  it('drops groups and their edges', () => {
    const graph = { nodes: [node('a'), node('g', 'group')], edges: [edge('a', 'g'), edge('g', 'a')] };
    expect(executablePart(graph)).toEqual({ nodes: [node('a')], edges: [] });
  });
});

describe('withInputs', () => {
  it("lays the inputs over the nodes' own data and changes nothing else", () => {
    const graph = { nodes: [{ id: 'a', type: 'text', data: { text: 'old', notes: 'kept' } }, node('b')], edges: [] };
    const [a, b] = withInputs(graph, { a: { text: 'new' } }).nodes;
    expect(a?.data).toEqual({ text: 'new', notes: 'kept' });
    expect(b).toBe(graph.nodes[1]);
    expect(graph.nodes[0]?.data).toEqual({ text: 'old', notes: 'kept' });
  });
});
