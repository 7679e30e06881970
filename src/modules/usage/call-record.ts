/** One request to a provider, as it is kept. */
export interface CallRecord {
  /** Made before the call: reported twice, it counts once. */
  readonly id: string;
  readonly at: Date;
  readonly runId: string;
  readonly ownerId: string;
  readonly projectId: string | null;
  readonly agentId: string | null;
  readonly stepKey: string;
  readonly attempt: number;
  readonly kind: 'text' | 'image' | 'embedding';
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly cachedInputTokens: number | null;
  readonly outputTokens: number;
  readonly reasoningTokens: number | null;
  readonly images: number;
  /** Null when nobody knows the price. */
  readonly costNanos: number | null;
  /** The provider told no counts; these are ours. */
  readonly isEstimated: boolean;
  readonly isFailed: boolean;
  readonly reserved: readonly Reserved[];
}

/** A call that was not made after all: it only gives back what it had reserved. */
export interface VoidCall {
  readonly id: string;
  readonly reserved: readonly Reserved[];
}

/** The part of a reservation that lies with one budget. */
export interface Reserved {
  readonly budgetId: string;
  /** As the database writes a date. */
  readonly periodStart: string;
}

export function isMade(call: CallRecord | VoidCall): call is CallRecord {
  return 'runId' in call;
}

/** As `meter_model_calls` reads it. */
export function rowOf(call: CallRecord | VoidCall): object {
  const reserved = call.reserved.map(({ budgetId, periodStart }) => ({
    budget_id: budgetId,
    period_start: periodStart,
  }));
  const { id } = call;
  if (!isMade(call)) return { id, reserved, cost_nanos: 0, input_tokens: 0, output_tokens: 0, is_failed: true };
  return {
    id,
    reserved,
    at: call.at,
    run_id: call.runId,
    user_id: call.ownerId,
    project_id: call.projectId,
    agent_id: call.agentId,
    step_key: call.stepKey,
    attempt: call.attempt,
    kind: call.kind,
    provider: call.provider,
    model: call.model,
    input_tokens: call.inputTokens,
    cached_input_tokens: call.cachedInputTokens,
    output_tokens: call.outputTokens,
    reasoning_tokens: call.reasoningTokens,
    images: call.images,
    cost_nanos: call.costNanos,
    is_estimated: call.isEstimated,
    is_failed: call.isFailed,
  };
}
