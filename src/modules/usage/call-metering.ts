import { Injectable } from '@nestjs/common';
import { newId } from '../../common/ids/id.js';
import { whenDatabaseAnswers } from '../execution/database-in-step.js';
import type { AimedCall, AroundCall } from '../providers/around-call.js';
import { BudgetIndex } from './budgets/budget-index.js';
import { BudgetKeeper } from './budgets/budget-keeper.js';
import { BudgetReader } from './budgets/budget-reader.js';
import { budgetReached } from './budgets/budget-view.js';
import type { CallBound } from './budgets/reservations.js';
import type { CallRecord, Reserved } from './call-record.js';
import type { UsedByCall } from './prices/call-cost.js';
import { mostInNanos } from './prices/call-cost.js';
import { Prices } from './prices/prices.js';
import { UsageMetrics } from './usage-metrics.js';
import { UsageRecorder } from './usage-recorder.js';
import type { MeteredStep, UsageScope } from './usage-scope.js';

/** What is known of the use of a call when it has ended. */
export interface Measured extends UsedByCall {
  readonly isEstimated: boolean;
}

/** How calls of one kind are measured. */
export interface CallKind<Request, Answer> {
  readonly name: CallRecord['kind'];
  /** The request as it is made within a budget: with a bound. */
  bounded(request: Request): Request;
  /** The most that it can use. */
  mostOf(request: Request): Pick<UsedByCall, 'inputTokens' | 'outputTokens' | 'images'>;
  usedBy(answer: Answer, request: Request): Measured;
  /** Of one that was sent and failed, or was cut off. */
  usedByFailed(error: unknown, request: Request): Measured;
}

interface MeteredCall<Request> extends AimedCall<Request> {
  readonly id: string;
  readonly kind: CallRecord['kind'];
  readonly scope: UsageScope;
  readonly step: MeteredStep;
  readonly reserved: readonly Reserved[];
}

/** Stands around each request to a provider: reserves before, records and settles after. */
@Injectable()
export class CallMetering {
  constructor(
    private readonly index: BudgetIndex,
    private readonly keeper: BudgetKeeper,
    private readonly budgets: BudgetReader,
    private readonly recorder: UsageRecorder,
    private readonly prices: Prices,
    private readonly metrics: UsageMetrics,
  ) {}

  foresee(runId: string): void {
    this.index.foresee(runId);
  }

  around<Request, Answer>(
    kind: CallKind<Request, Answer>,
    scope: UsageScope,
    step: MeteredStep,
  ): AroundCall<Request, Answer> {
    return async (aimed, make) => {
      // Begun anew it has another id: what the lost one may have reserved expires.
      const call = await whenDatabaseAnswers(step.signal, () => this.begin(aimed, kind, scope, step));
      let wasSent = false;
      const onSent = () => (wasSent = true);
      const answer = await make(call.request, onSent).catch(async (error: unknown) => {
        if (wasSent) await this.record(call, kind.usedByFailed(error, call.request), true);
        else await this.release(call);
        throw error;
      });
      await this.record(call, kind.usedBy(answer, call.request), false);
      return answer;
    };
  }

  private async begin<Request, Answer>(
    aimed: AimedCall<Request>,
    kind: CallKind<Request, Answer>,
    scope: UsageScope,
    step: MeteredStep,
  ): Promise<MeteredCall<Request>> {
    const call = { ...aimed, id: newId(), kind: kind.name, scope, step, reserved: [] };
    const budgetIds = await this.index.idsFor(scope);
    if (budgetIds.length === 0) return call;
    const request = kind.bounded(aimed.request);
    const bound = this.boundOf(aimed, kind.mostOf(request));
    const reserved = await this.keeper.admit({ callId: call.id, budgetIds, ...bound }, step.signal);
    return { ...call, request, reserved };
  }

  private boundOf(
    { providerId, model }: AimedCall<unknown>,
    most: ReturnType<CallKind<never, never>['mostOf']>,
  ): CallBound {
    const price = this.prices.find(providerId, model);
    return { nanos: price ? mostInNanos(price, most) : 0, tokens: most.inputTokens + most.outputTokens };
  }

  private async record(call: MeteredCall<unknown>, used: Measured, isFailed: boolean): Promise<void> {
    const costNanos = this.prices.costOf(call.providerId, call.model, used);
    this.metrics.count(call.providerId, costNanos);
    const toTell = await this.recorder.record(recordOf(call, used, costNanos, isFailed));
    this.keeper.ended(call.id);
    for (const budgetId of toTell) await this.tell(budgetId, call.step);
  }

  private async tell(budgetId: string, step: MeteredStep): Promise<void> {
    const budget = await whenDatabaseAnswers(step.signal, () => this.budgets.find(budgetId));
    if (budget) step.emit(budgetReached(budget, 'soft'));
  }

  private async release({ id, reserved }: MeteredCall<unknown>): Promise<void> {
    if (reserved.length > 0) await this.recorder.record({ id, reserved });
    this.keeper.ended(id);
  }
}

function recordOf(call: MeteredCall<unknown>, used: Measured, costNanos: number | null, isFailed: boolean): CallRecord {
  const { id, kind, scope, step, reserved, providerId, model } = call;
  return {
    ...scope,
    id,
    kind,
    reserved,
    model,
    costNanos,
    isFailed,
    at: new Date(),
    attempt: step.attempt,
    provider: providerId,
    inputTokens: used.inputTokens,
    cachedInputTokens: used.cachedInputTokens ?? null,
    outputTokens: used.outputTokens,
    reasoningTokens: used.reasoningTokens ?? null,
    images: used.images,
    isEstimated: used.isEstimated,
  };
}
