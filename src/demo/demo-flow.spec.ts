import { describe, expect, it } from 'vitest';
import { DEMO_FLOW, treeRows } from './demo-flow.js';

describe('treeRows', () => {
  it('draws the graph as a tree', () => {
    expect(treeRows(DEMO_FLOW).map(({ branch, id }) => branch + id)).toEqual([
      'idea',
      '├─ enhance',
      '│  ├─ brief',
      '│  └─ spanish',
      '│     └─ spanish-brief',
      '└─ german',
      '   └─ german-idea',
    ]);
  });
});
