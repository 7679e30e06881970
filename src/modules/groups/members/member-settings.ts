import type { AgentDefinition } from '../../agents/definitions/agent-definition.js';
import { DEFAULT_DEFINITION } from '../../agents/definitions/agent-definition.js';
import { type AgentPartDto, DEFAULT_TEMPERATURE } from '../dto/agent-part.dto.js';
import { toTriggers } from '../dto/triggers.dto.js';
import type { MemberSettings } from '../entities/group-member.entity.js';

/** What the DTO leaves out stays as it is. Pure. */
export function mergeSettings(before: MemberSettings, dto: AgentPartDto): MemberSettings {
  const { role_prompt, provider_id, model, temperature, tools, triggers } = dto;
  return {
    role_prompt: role_prompt ?? before.role_prompt,
    provider_id: provider_id === undefined ? before.provider_id : provider_id,
    model: model === undefined ? before.model : model,
    temperature: temperature === undefined ? before.temperature : temperature,
    tools: tools === undefined ? before.tools : tools,
    triggers: triggers === undefined ? (before.triggers ?? null) : triggers && toTriggers(triggers),
  };
}

/** What a member is as an agent: its own settings over those of the agent that it refers to. Pure. */
export function definitionOfMember(
  alias: string,
  settings: MemberSettings,
  agent: AgentDefinition = { ...DEFAULT_DEFINITION, temperature: DEFAULT_TEMPERATURE },
): AgentDefinition {
  const { provider_id, model, temperature, tools, role_prompt } = settings;
  const isOtherProvider = provider_id !== null;
  return {
    ...agent,
    name: alias,
    provider_id: provider_id ?? agent.provider_id,
    model: model ?? (isOtherProvider ? null : agent.model),
    temperature: temperature ?? agent.temperature,
    tools: tools ?? agent.tools,
    system_prompt: [agent.system_prompt, role_prompt].filter((part) => part !== '').join('\n\n'),
    // What it says goes to people as it is.
    output_schema: null,
  };
}
