import { Injectable } from '@nestjs/common';
import type { RunContext, StepContext } from '../../../engine/index.js';
import { whenDatabaseAnswers } from '../../execution/database-in-step.js';
import { type ModelCall, ModelCallsService } from '../../providers/model-calls.service.js';
import { OFFLINE } from '../../providers/offline/offline.provider.js';
import { MeteredModelCalls } from '../../usage/metered-model-calls.js';

/** Whom to ask: the agent's model, or the installation's. */
export interface ModelWish {
  readonly provider_id: string | null;
  readonly model: string | null;
  readonly fallbacks: readonly { readonly provider_id: string; readonly model: string | null }[];
}

const ANY_MODEL: ModelWish = { provider_id: null, model: null, fallbacks: [] };

/** A model call may be slow, but not for ever; what may pass is tried again. */
export const MODEL_STEP = { timeoutMs: 300_000, retry: { maxAttempts: 3 } } as const;

/** Asks models in background runs of memory, on the account of whoever the memory is of. */
@Injectable()
export class MemoryModel {
  constructor(
    private readonly models: ModelCallsService,
    private readonly calls: MeteredModelCalls,
  ) {}

  /** Null where there is no model: nobody has configured one. @throws {StepFailure} */
  async ask(
    { ownerId, projectId, runId }: Pick<RunContext, 'ownerId' | 'projectId' | 'runId'>,
    step: StepContext,
    request: ModelCall['request'],
    { wish = ANY_MODEL, agentId = null }: { readonly wish?: ModelWish; readonly agentId?: string | null } = {},
  ): Promise<string | null> {
    const account = { ownerId, projectId };
    const call = { request, ...wishesOf(wish), account };
    const choose = await whenDatabaseAnswers(step.signal, () => this.models.chooserFor(account));
    if (choose(call.wishes).providerId === OFFLINE) return null;
    const usage = { ...account, runId, agentId, stepKey: step.key };
    return (await this.calls.stream(call, usage, step, () => undefined)).text.trim();
  }
}

function wishesOf({ provider_id: providerId, model, fallbacks }: ModelWish): Pick<ModelCall, 'wishes' | 'fallbacks'> {
  return {
    wishes: { node: { providerId: providerId ?? undefined, model: model ?? undefined } },
    fallbacks: fallbacks.map((one) => ({ providerId: one.provider_id, model: one.model ?? undefined })),
  };
}
