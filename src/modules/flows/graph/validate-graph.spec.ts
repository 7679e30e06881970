import { describe, expect, it } from 'vitest';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import { parseGraph } from './parse-graph.js';
import { validateGraph } from './validate-graph.js';

/** Takes two edges. */
const CROWDED = { key: 'adapter-in', label: 'A', direction: 'in', kind: 'adapter', maxConnections: 2 } as const;

const TYPES = new Map<string, Pick<ComponentDefinition, 'fields' | 'ports'>>([
  ['text', { fields: [{ key: 'text', label: 'Text', kind: 'textarea', required: true }], ports: [CROWDED] }],
  [
    'pick',
    {
      ports: [],
      fields: [
        { key: 'tone', label: 'Tone', kind: 'select', required: false, options: [{ value: 'warm', label: 'Warm' }] },
        { key: 'size', label: 'Size', kind: 'number', required: false },
        { key: 'tags', label: 'Tags', kind: 'tags', required: false },
      ],
    },
  ],
]);
const find = (type: string) => TYPES.get(type) as ComponentDefinition | undefined;

function faultsOf(nodes: unknown[], edges: unknown[] = [], inputs = {}) {
  const faults = validateGraph(
    parseGraph(nodes, edges, (type) => TYPES.has(type)),
    { inputs, resolved: new Map() },
    find,
  );
  return faults.map(({ path, code }) => `${path} ${code}`);
}

const text = (id: string, value = 'x') => ({ id, type: 'text', data: { text: value } });

describe('validateGraph', () => {
  it('finds nothing wrong with isolated nodes, groups and a diamond', () => {
    const nodes = [text('a'), text('b'), text('c'), text('d'), text('alone'), { id: 'g', type: 'group' }];
    const edges = [
      ['a', 'b'],
      ['a', 'c'],
      ['b', 'd'],
      ['c', 'd'],
    ].map(([source, target]) => ({ source, target }));
    expect(faultsOf(nodes, edges)).toEqual([]);
  });

  //  a -> g (a frame) -> a
  it('ignores groups, and so their edges too, which may go round', () => {
    const nodes = [text('a'), { id: 'g', type: 'group', data: { color: 'no color' } }];
    const edges = [
      { source: 'a', target: 'g' },
      { source: 'g', target: 'a' },
    ];
    expect(faultsOf(nodes, edges)).toEqual([]);
  });

  it('refuses more edges than a dynamic port has places', () => {
    const nodes = ['a', 'b', 'c', 'z'].map((id) => text(id));
    const edges = ['a', 'b', 'c'].map((source, n) => ({ source, target: 'z', target_handle: `adapter-in-${n}` }));
    expect(faultsOf(nodes, edges)).toEqual(['/edges/2/target PORT_CROWDED']);
  });

  it('lists every fault at once', () => {
    const nodes = [
      text('a'),
      text('a'),
      { id: 'b', type: 'nonsense' },
      { id: 'c', type: 'text', data: {} },
      {
        id: 'd',
        type: 'pick',
        data: { tone: 'cold', size: 'big', tags: ['a', 1], temperature: 3, retry: { attempts: 0 } },
      },
      'no node',
    ];
    const edges = [
      { source: 'c', target: 'd' },
      { source: 'd', target: 'c' },
      { source: 'nowhere', target: 'a' },
      { source: 'a', target: 'gone' },
    ];
    expect(faultsOf(nodes, edges, { stranger: {} })).toEqual([
      '/nodes/5 IS_OBJECT',
      '/nodes/1/id NODE_ID_DUPLICATE',
      '/nodes/2/type NODE_TYPE_UNKNOWN',
      '/nodes/3/data/text FIELD_REQUIRED',
      '/nodes/4/data/tone FIELD_INVALID',
      '/nodes/4/data/size FIELD_INVALID',
      '/nodes/4/data/tags FIELD_INVALID',
      '/nodes/4/data/temperature SETTING_INVALID',
      '/nodes/4/data/retry/attempts SETTING_INVALID',
      '/edges/2/source EDGE_SOURCE_UNKNOWN',
      '/edges/3/target EDGE_TARGET_UNKNOWN',
      expect.stringMatching(/^\/nodes\/[34] GRAPH_CYCLE$/),
      '/inputs/stranger INPUT_NODE_UNKNOWN',
    ]);
  });

  it('names node and field, and the way round a cycle', () => {
    const parsed = parseGraph([{ id: 'c', type: 'text' }], [{ source: 'c', target: 'c' }], () => true);
    const [required, cycle] = validateGraph(parsed, { inputs: {}, resolved: new Map() }, find);
    expect(required).toMatchObject({ node_id: 'c', field: 'text' });
    expect(cycle?.message).toContain('c -> c');
  });

  it('looks at the data with the inputs laid over it, and points at whoever is wrong', () => {
    const nodes = [text('a', ''), { id: 'b', type: 'pick', data: { tone: 'warm' } }];
    expect(faultsOf(nodes, [], { a: { text: 'given' } })).toEqual([]);
    expect(faultsOf(nodes, [], { a: { text: '' }, b: { tone: 'cold' } })).toEqual([
      '/inputs/a/text FIELD_REQUIRED',
      '/inputs/b/tone FIELD_INVALID',
    ]);
  });

  it('refuses a flow with nothing to run', () => {
    expect(faultsOf([])).toEqual(['/nodes FLOW_EMPTY']);
    expect(faultsOf([{ id: 'g', type: 'group' }])).toEqual(['/nodes FLOW_EMPTY']);
  });

  it('is not led astray by names that every object has', () => {
    expect(faultsOf([{ id: 'constructor', type: 'toString' }])).toEqual(['/nodes/0/type NODE_TYPE_UNKNOWN']);
  });
});
