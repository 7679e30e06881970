import type { AgenticComponent } from '../entities/agentic-component.entity.js';
import type { ComponentApiConfigRow } from '../entities/component-api-config.entity.js';
import type { ComponentFieldRow } from '../entities/component-field.entity.js';
import type { ComponentOutputRow } from '../entities/component-output.entity.js';
import type { ComponentPortRow } from '../entities/component-port.entity.js';
import type { ComponentDefinition } from './component-definition.js';

type ComponentColumns = Omit<AgenticComponent, 'id' | 'createdAt' | 'updatedAt' | 'isActive'>;
type PartColumns<Row> = Omit<Row, 'id' | 'component' | 'componentId' | 'position'>;

/** The row of a component; whether it is active is decided in the database. */
export function componentRow(component: ComponentDefinition): ComponentColumns {
  const { type, name, description, category, icon, color, providerType, usesLlm, version } = component;
  const { defaultProvider = null, defaultModel = null } = component;
  const looks = { name, description, icon, color };
  return { type, category, providerType, usesLlm, version, defaultProvider, defaultModel, ...looks };
}

export function fieldRows({ fields }: ComponentDefinition): Array<PartColumns<ComponentFieldRow>> {
  return fields.map(({ key, label, kind, required, options = null, placeholder = null }) => ({
    key,
    label,
    kind,
    required,
    options,
    placeholder,
  }));
}

export function portRows({ ports }: ComponentDefinition): Array<PartColumns<ComponentPortRow>> {
  return ports.map(({ maxConnections = null, ...port }) => ({ ...port, maxConnections }));
}

export function apiConfigRows({ api }: ComponentDefinition): Array<PartColumns<ComponentApiConfigRow>> {
  const { executor, temperature = null, maxOutputTokens = null, inputMapping } = api;
  return [{ key: 'default', executor, temperature, maxOutputTokens, inputMapping }];
}

export function outputRows({ outputs }: ComponentDefinition): Array<PartColumns<ComponentOutputRow>> {
  return [...outputs];
}
