import { Injectable } from '@nestjs/common';
import type { StepContext } from '../../../engine/index.js';
import { type MadeModelCall, ModelCallsService } from '../../providers/model-calls.service.js';
import type { ComponentDefinition } from '../catalogue/component-definition.js';
import type { NodeOutput } from '../graph/node-inputs.js';
import type { NodeWork } from '../program/node-executor.js';
import { DEFAULT_OUTPUT_TOKENS, DEFAULT_TEMPERATURE } from './text-component.js';

export interface Prompt {
  readonly system: string;
  readonly user: string;
}

/** Makes the model call of a text node and streams what is written. */
@Injectable()
export class NodeModelService {
  constructor(private readonly calls: ModelCallsService) {}

  async write(prompt: Prompt, component: ComponentDefinition, work: NodeWork, step: StepContext): Promise<NodeOutput> {
    const { settings, flowProviderId } = work;
    const request = {
      messages: [
        { role: 'system' as const, content: prompt.system },
        { role: 'user' as const, content: prompt.user },
      ],
      temperature: settings.temperature ?? component.api.temperature ?? DEFAULT_TEMPERATURE,
      maxOutputTokens: settings.maxOutputTokens ?? component.api.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS,
    };
    const wishes = {
      node: settings,
      type: { providerId: component.defaultProvider, model: component.defaultModel },
      flow: { providerId: flowProviderId },
    };
    const made = await this.calls.stream({ request, wishes }, step, (text) => step.chunk(text));
    return { text: made.text.trim(), usage: usageOf(made) };
  }
}

function usageOf({ providerId, model, usage }: MadeModelCall) {
  return {
    provider_id: providerId,
    model,
    ...(usage && { input_tokens: usage.inputTokens, output_tokens: usage.outputTokens }),
  };
}
