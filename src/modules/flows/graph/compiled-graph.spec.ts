import { describe, expect, it } from 'vitest';
import { compileGraph } from './compiled-graph.js';
import { runnablePart } from './flow-graph.js';
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

  it('gives nobody the same twice that is wired both as text and as character', () => {
    const both = compileGraph({
      nodes: [node('t'), node('p'), node('z')],
      edges: [edge('t', 'z'), edge('t', 'z', 'adapter-in'), edge('p', 'z'), edge('p', 'z', 'adapter-in-2')],
    });
    const given: NodeOutput[] = [{ text: 'a text' }, { persona_name: 'Ada', persona_description: 'tall' }];
    expect(collectInputs(both, 2, (index) => given[index])).toEqual({
      text: 'a text',
      personas: [{ name: 'Ada', description: 'tall' }],
    });
  });

  it('tells a character in words, once, over a text edge', () => {
    const wired = compileGraph({ nodes: [node('p'), node('z')], edges: [edge('p', 'z')] });
    const given = { persona_name: 'Ada', persona_description: 'tall' };
    expect(collectInputs(wired, 1, () => given)).toEqual({ text: 'Ada: tall', personas: [] });
  });
});

describe('runnablePart', () => {
  const none = new Map<string, Record<string, unknown>>();

  it('drops groups and their edges', () => {
    const graph = { nodes: [node('a'), node('g', 'group')], edges: [edge('a', 'g'), edge('g', 'a')] };
    expect(runnablePart(graph, {}, none)).toEqual({ nodes: [node('a')], edges: [] });
  });

  it('lays inputs, and over them what a node refers to, over its data, and changes nothing else', () => {
    const graph = { nodes: [{ id: 'a', type: 'text', data: { text: 'old', notes: 'kept', name: 'x' } }], edges: [] };
    const resolved = new Map([['a', { name: 'Ada' }]]);
    const [a] = runnablePart(graph, { a: { text: 'new', name: 'y' } }, resolved).nodes;
    expect(a?.data).toEqual({ text: 'new', notes: 'kept', name: 'Ada' });
    expect(graph.nodes[0]?.data).toEqual({ text: 'old', notes: 'kept', name: 'x' });
  });
});
