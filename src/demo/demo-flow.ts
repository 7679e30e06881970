export const DEFAULT_IDEA = 'A lighthouse keeper finds a letter in her own handwriting.';

/** The node whose text is the run's input. */
export const IDEA_NODE = 'idea';

/**
 * ```
 * idea ─┬─ enhance ─┬─ brief
 *       │           └─ spanish ── spanish-brief
 *       └─ german ──── german-idea
 * ```
 */
export const DEMO_FLOW = {
  name: 'One idea, three texts',
  description: 'Made by `npm run demo`.',
  nodes: [
    { id: IDEA_NODE, type: 'initialPrompt', position: { x: 0, y: 160 }, data: { text: DEFAULT_IDEA } },
    {
      id: 'enhance',
      type: 'promptEnhancer',
      position: { x: 300, y: 80 },
      data: { notes: 'Make it the brief of a short film, in at most four sentences.' },
    },
    { id: 'brief', type: 'textOutput', position: { x: 600, y: 0 }, data: {} },
    { id: 'spanish', type: 'translator', position: { x: 600, y: 160 }, data: { language: 'es' } },
    { id: 'spanish-brief', type: 'textOutput', position: { x: 900, y: 160 }, data: {} },
    { id: 'german', type: 'translator', position: { x: 300, y: 320 }, data: { language: 'de' } },
    { id: 'german-idea', type: 'textOutput', position: { x: 600, y: 320 }, data: {} },
  ],
  edges: [
    { id: 'idea-enhance', source: IDEA_NODE, target: 'enhance' },
    { id: 'enhance-brief', source: 'enhance', target: 'brief' },
    { id: 'enhance-spanish', source: 'enhance', target: 'spanish' },
    { id: 'spanish-brief', source: 'spanish', target: 'spanish-brief' },
    { id: 'idea-german', source: IDEA_NODE, target: 'german' },
    { id: 'german-idea', source: 'german', target: 'german-idea' },
  ],
};

export interface TreeRow {
  readonly id: string;
  /** Lines that lead to the node, e.g. `│  └─ `. */
  readonly branch: string;
}

/** The graph as a tree, one row per node, for graphs whose nodes have one source at most. */
export function treeRows({ nodes, edges }: Pick<typeof DEMO_FLOW, 'nodes' | 'edges'>): TreeRow[] {
  const targets = new Set(edges.map(({ target }) => target));
  const childrenOf = (id: string) => edges.filter(({ source }) => source === id).map(({ target }) => target);
  const below = (ids: readonly string[], lead: string): TreeRow[] =>
    ids.flatMap((id, index) => {
      const isLast = index === ids.length - 1;
      return [
        { id, branch: `${lead}${isLast ? '└─ ' : '├─ '}` },
        ...below(childrenOf(id), `${lead}${isLast ? '   ' : '│  '}`),
      ];
    });
  const roots = nodes.map(({ id }) => id).filter((id) => !targets.has(id));
  return roots.flatMap((id) => [{ id, branch: '' }, ...below(childrenOf(id), '')]);
}
