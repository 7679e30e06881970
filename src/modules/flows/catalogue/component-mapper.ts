import type { ComponentResponseDto } from '../dto/component-response.dto.js';
import type { AgenticComponent } from '../entities/agentic-component.entity.js';
import type { ComponentApiConfigRow } from '../entities/component-api-config.entity.js';
import type { ComponentFieldRow } from '../entities/component-field.entity.js';
import type { ComponentOutputRow } from '../entities/component-output.entity.js';
import type { ComponentPortRow } from '../entities/component-port.entity.js';

export interface ComponentParts {
  readonly fields: readonly ComponentFieldRow[];
  readonly ports: readonly ComponentPortRow[];
  readonly apiConfigs: readonly ComponentApiConfigRow[];
  readonly outputs: readonly ComponentOutputRow[];
}

export function toComponentResponse(component: AgenticComponent, parts: ComponentParts): ComponentResponseDto {
  const { id, type, name, description, category, icon, color, version } = component;
  const isOwn = ({ componentId }: { componentId: string }) => componentId === id;
  const apiConfig = parts.apiConfigs.find(isOwn);
  return {
    id,
    type,
    name,
    description,
    category,
    icon,
    color,
    provider_type: component.providerType,
    uses_llm: component.usesLlm,
    default_provider: component.defaultProvider,
    default_model: component.defaultModel,
    version,
    is_active: component.isActive,
    fields: parts.fields.filter(isOwn).map(toField),
    ports: parts.ports.filter(isOwn).map(toPort),
    api_config: apiConfig ? toApiConfig(apiConfig) : null,
    output_schema: parts.outputs.filter(isOwn).map(toOutput),
  };
}

function toField({ key, label, kind, required, options, placeholder }: ComponentFieldRow) {
  return { key, label, kind, required, options: options ? [...options] : null, placeholder };
}

function toPort({ key, label, direction, kind, maxConnections }: ComponentPortRow) {
  return { key, label, direction, kind, max_connections: maxConnections };
}

function toApiConfig({ executor, temperature, maxOutputTokens, inputMapping }: ComponentApiConfigRow) {
  return { executor, temperature, max_output_tokens: maxOutputTokens, input_mapping: inputMapping };
}

function toOutput({ key, kind, description }: ComponentOutputRow) {
  return { key, kind, description };
}
