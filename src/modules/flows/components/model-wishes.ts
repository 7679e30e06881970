import type { ModelWishes } from '../../providers/model-choice.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeSettings } from '../graph/node-settings.js';

/** Who of node, type and flow wants which provider and model. */
export function wishesOf(
  component: ComponentDefinition,
  settings: NodeSettings,
  flowProviderId: string | undefined,
): Omit<ModelWishes, 'installation'> {
  return {
    node: settings,
    type: { providerId: component.defaultProvider, model: component.defaultModel },
    flow: { providerId: flowProviderId },
  };
}
