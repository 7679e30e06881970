import type { ComponentDefinition } from '../catalogue/component-definition.js';
import { GROUP_TYPE } from '../graph/flow-graph.js';

const COLORS = ['gray', 'blue', 'purple', 'green', 'amber', 'red', 'cyan', 'pink'];

/** A frame on the canvas: it is drawn, saved and never executed, so there is no class for it. */
export const GROUP: ComponentDefinition = {
  type: GROUP_TYPE,
  name: 'Group',
  description: 'A frame around nodes on the canvas.',
  category: 'utility',
  icon: 'frame',
  color: 'gray',
  providerType: 'none',
  usesLlm: false,
  version: 1,
  fields: [
    { key: 'label', label: 'Label', kind: 'text', required: false },
    {
      key: 'color',
      label: 'Color',
      kind: 'select',
      required: false,
      options: COLORS.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) })),
    },
  ],
  ports: [],
  api: { executor: 'pass_through', inputMapping: {} },
  outputs: [],
};
