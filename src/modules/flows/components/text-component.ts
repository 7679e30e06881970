import type { ComponentDefinition, ComponentOutput, ComponentPort } from '../catalogue/component-definition.js';

/** What the text components have in common. */
export const TEXT_IN: ComponentPort = { key: 'text-in', label: 'Text', direction: 'in', kind: 'text' };
export const TEXT_OUT: ComponentPort = { key: 'text-out', label: 'Text', direction: 'out', kind: 'text' };
export const ADAPTER_IN: ComponentPort = { key: 'adapter-in', label: 'Character', direction: 'in', kind: 'adapter' };
export const TEXT_OUTPUT: ComponentOutput = { key: 'text', kind: 'text', description: 'The text' };

export const TEXT_MODEL = {
  providerType: 'text',
  usesLlm: true,
  defaultProvider: 'mistral',
  defaultModel: 'ministral-14b-2512',
} as const satisfies Partial<ComponentDefinition>;

/** Each provider has a default model of its own that can see. */
export const VISION_MODEL = {
  providerType: 'vision',
  usesLlm: true,
  defaultProvider: 'claude',
} as const satisfies Partial<ComponentDefinition>;

export const DEFAULT_TEMPERATURE = 0.7;
export const DEFAULT_OUTPUT_TOKENS = 2_500;
