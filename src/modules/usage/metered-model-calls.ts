import { Injectable } from '@nestjs/common';
import { type MadeModelCall, type ModelCall, ModelCallsService } from '../providers/model-calls.service.js';
import { CallMetering } from './call-metering.js';
import { TextCalls } from './text-calls.js';
import type { MeteredStep, UsageScope } from './usage-scope.js';

/** Makes the model calls of runs, on somebody's account and within somebody's budgets. */
@Injectable()
export class MeteredModelCalls {
  constructor(
    private readonly calls: ModelCallsService,
    private readonly metering: CallMetering,
  ) {}

  /** A call of the run is about to be made: what it falls under is looked up while that is prepared. */
  foresee(runId: string): void {
    this.metering.foresee(runId);
  }

  /**
   * As `ModelCallsService.stream`, with the credentials of whoever it is for. What it used is recorded when it answers, so before the step that made it commits.
   *
   * @throws {StepHeld} a budget is spent: leave it to the step, whose run pauses
   */
  stream(
    call: ModelCall,
    scope: UsageScope,
    step: MeteredStep,
    onText: (text: string) => void,
  ): Promise<MadeModelCall> {
    const kind = new TextCalls();
    const hear = (text: string) => {
      kind.hear(text);
      onText(text);
    };
    return this.calls.stream({ account: scope, ...call }, step, hear, this.metering.around(kind, scope, step));
  }
}
